import CairnCore

/// What was wrong with something to be scored.
public struct MetricsError: CairnError {
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
