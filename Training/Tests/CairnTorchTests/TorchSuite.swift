import Testing

/// All tests that change what a process has one of: the seed, threads, counts of tensors. They run one after the other.
@Suite(.serialized) struct TorchSuite {}
