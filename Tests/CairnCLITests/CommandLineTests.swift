import Testing

/// All tests that run the executable. One after another: each keeps every core busy, and some of them measure time.
@Suite("The command line", .serialized) enum CommandLineTests {}
