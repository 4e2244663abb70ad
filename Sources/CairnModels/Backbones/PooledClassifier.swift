import CairnNN

/// The mean of a map, dropout, and a linear layer: how ImageNet networks classify.
struct PooledClassifier<T: Tensor> {
    private let dropout: Dropout
    private let linear: Linear<T>

    /// Takes the linear layer's `weight` and `bias` by name.
    init(
        _ parameters: Parameters<T>, from channels: Int, to classes: Int, dropout: Float = 0,
        initializer: Initializer = .kaimingUniform
    ) throws {
        self.dropout = Dropout(probability: dropout, phase: parameters.phase)
        linear = try Linear(parameters, from: channels, to: classes, initializer: initializer)
    }

    /// `[N, C, H, W]` to `[N, classes]`.
    func callAsFunction(_ map: T) throws -> T { try linear(dropout(map.mean([2, 3]))) }

    /// The error of a network that was built without classes.
    static var missing: NetworkError {
        NetworkError(
            .invalidArgument, "the network has no classifier; build it with the checkpoint's number of classes")
    }
}
