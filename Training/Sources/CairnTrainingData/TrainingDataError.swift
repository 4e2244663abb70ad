import CairnCore

/// Why training photos could not be made into batches.
public struct TrainingDataError: CairnError {
    /// What a caller acts on.
    public let kind: ErrorKind
    /// What happened, to what, and what to do.
    public let message: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    /// Makes an error.
    public init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }
}
