import CairnCore

/// What went wrong in recognising, in fitting what recognition uses, or in reading it.
public struct RecognitionError: CairnError {
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

    /// Throws `invalidInput` naming the first number that is NaN or infinite.
    static func requireFinite(_ values: [Double], _ name: String) throws(RecognitionError) {
        guard let place = values.firstIndex(where: { !$0.isFinite }) else { return }
        throw RecognitionError(.invalidInput, "\(name) \(place) is \(values[place]), not a finite number")
    }
}
