import CairnCore

/// What this module throws: input that no geometry can be estimated from, or a configuration that makes no sense.
public struct GeometryError: CairnError {
    /// What a caller acts on.
    public let kind: ErrorKind

    /// What was wrong, where, and what to do about it.
    public let message: String

    /// The error underneath, where there is one.
    public let cause: (any Error)?

    /// Makes an error.
    public init(kind: ErrorKind, message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }
}
