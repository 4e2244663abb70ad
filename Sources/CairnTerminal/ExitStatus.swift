import ArgumentParser
import CairnCore

/// The one place where kinds of errors become exit statuses.
///
/// | status | meaning |
/// |---|---|
/// | 0 | done |
/// | 1 | something failed that no other status describes |
/// | 2 | an input is missing, damaged, too large, or of an unsupported kind |
/// | 3 | something else holds the collection |
/// | 4 | stored data is damaged |
/// | 5 | out of disk space, memory or file handles |
/// | 64 | the command line makes no sense |
/// | 130 | interrupted |
extension ErrorKind {
    /// The status that a program ends with after an error of this kind.
    public var exitCode: ExitCode {
        switch self {
        case .failure: ExitCode(1)
        case .notFound, .invalidInput, .limitExceeded, .unsupported: ExitCode(2)
        case .conflict: ExitCode(3)
        case .corrupted: ExitCode(4)
        case .resourceExhausted: ExitCode(5)
        case .invalidArgument: ExitCode(64)
        }
    }
}
