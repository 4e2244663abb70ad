import CairnAlgebra
import CairnCore

/// What went wrong in clustering descriptors or in cleaning a set of photos.
public struct CleaningError: CairnError {
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

    /// Arithmetic on the descriptors refused them; its message already names the row.
    init(_ error: AlgebraError) {
        self.init(error.kind, error.message, cause: error.cause)
    }

    /// A list that must have one entry a descriptor does not.
    static func count(_ what: String, _ found: Int, of expected: Int) -> CleaningError {
        CleaningError(
            .invalidArgument, "there are \(found) \(what) for \(expected) descriptors; there must be one for each")
    }
}
