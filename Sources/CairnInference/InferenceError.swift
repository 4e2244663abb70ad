import CairnCore

/// Why a model could not be read, compiled or run.
public struct InferenceError: CairnError {
    /// What went wrong, one case for each thing that a caller may want to explain on its own.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// The path names nothing.
        case modelNotFound
        /// The bytes are not a model, or not a whole one.
        case notAModel
        /// The model needs operators that OpenVINO does not have.
        case unsupportedOperator
        /// The model contradicts itself, or cannot take the shape that it was asked to take.
        case invalidModel
        /// An input is missing, unknown, or of the wrong shape or element type.
        case wrongInput
        /// A setting is outside its range, or does not fit the model.
        case invalidConfiguration
        /// A part of OpenVINO is not where it should be.
        case libraryMissing
        /// Memory or disk ran out.
        case outOfResources
        /// OpenVINO failed in a way that no other code describes.
        case failure
    }

    /// What went wrong.
    public let code: Code

    /// What happened, to what, and what to do about it.
    public let message: String

    /// OpenVINO's full text, where it had one.
    public let cause: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// What a caller acts on.
    public var kind: ErrorKind {
        switch code {
        case .modelNotFound: .notFound
        case .notAModel, .invalidModel: .invalidInput
        case .unsupportedOperator: .unsupported
        case .wrongInput, .invalidConfiguration: .invalidArgument
        case .outOfResources: .resourceExhausted
        case .libraryMissing, .failure: .failure
        }
    }

    /// The message alone: OpenVINO's own text runs to many lines and is for those who ask for `cause`.
    public var description: String { message }
}
