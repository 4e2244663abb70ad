import CairnCore

/// What went wrong in opening a checkpoint or fitting it to a model.
public struct CheckpointError: CairnError {
    /// What a caller acts on.
    public var kind: ErrorKind

    /// What happened, to what, and what to do about it.
    public var message: String

    /// The error underneath, where there is one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }
}
