import CairnCore

/// What went wrong with an ONNX file or graph.
public struct ONNXError: CairnError {
    /// What a caller acts on.
    public let kind: ErrorKind
    /// What is wrong, and what to do.
    public let message: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }
}
