import CairnCore

/// What goes wrong with local features: a stored record that is not one, a vocabulary that does not fit.
public struct FeatureError: CairnError {
    /// What a caller acts on.
    public var kind: ErrorKind
    /// One sentence for a person.
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
