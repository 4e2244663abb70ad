import CairnCore

/// What went wrong in arithmetic on descriptors, in learning a whitening, or in reading one.
public struct AlgebraError: CairnError {
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

    /// Two things that must be equally wide are not.
    static func dimensions(_ what: String, expected: Int, found: Int) -> AlgebraError {
        AlgebraError(
            .invalidArgument,
            "\(what) has \(found) dimensions where \(expected) are needed; both must come from the same model")
    }

    /// A stored file that contradicts itself.
    static func corrupted(_ path: String, _ detail: String) -> AlgebraError {
        AlgebraError(.corrupted, "\(path) is damaged: \(detail); make it again")
    }
}
