import CairnCore

/// What an evaluation or a report can refuse.
public struct EvaluationError: CairnError {
    /// What a caller acts on.
    public let kind: ErrorKind
    /// What is wrong, with what, and what to do.
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
