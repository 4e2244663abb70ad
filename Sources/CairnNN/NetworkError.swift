import CairnCore

/// What went wrong while a network was built, named by its layer.
public struct NetworkError: CairnError {
    /// What a caller acts on.
    public let kind: ErrorKind
    /// What is wrong, and what to do.
    public let message: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    /// Makes an error.
    public init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    /// A tensor of the wrong shape met a layer.
    ///
    /// - Parameters:
    ///   - layer: The layer's name in the checkpoint, such as `layer1.0.conv1`.
    ///   - expected: What it takes, such as `[N, 64, H, W]`.
    ///   - actual: What it was given.
    public static func shape(layer: String, expected: String, actual: Shape) -> NetworkError {
        NetworkError(.invalidArgument, "\(layer) takes \(expected), not \(actual)")
    }

    /// The same error with the layer in which it happened put before it.
    func located(at layer: String) -> NetworkError {
        NetworkError(kind, "\(layer): \(message)", cause: cause)
    }
}
