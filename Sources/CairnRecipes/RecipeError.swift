import CairnCore

/// What is wrong with a recipe, or with another file of settings.
public struct RecipeError: CairnError {
    /// What a caller acts on.
    public var kind: ErrorKind

    /// One sentence that begins with the place where there is one: `mine.yaml:12:5: “margn” is …`.
    public var message: String

    /// Where in which file it is.
    public var mark: YAMLMark?

    /// The error underneath, where there is one.
    public var cause: (any Error)?

    /// Makes an error without a place.
    public init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    /// Makes an error about a place in a file; `sentence` says what is wrong there and what would be right.
    public init(_ kind: ErrorKind = .invalidInput, at mark: YAMLMark, _ sentence: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = "\(mark): \(sentence)"
        self.mark = mark
        self.cause = cause
    }
}
