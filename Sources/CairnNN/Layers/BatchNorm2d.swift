/// Batch normalisation over `[N, C, H, W]` or `[N, C]`, named as torch's: `weight`, `bias`, `running_mean`, `running_var`.
public struct BatchNorm2d<T: Tensor> {
    private let weight: T?
    private let bias: T?
    private let runningMean: T
    private let runningVariance: T
    private let epsilon: Float
    private let momentum: Float
    private let phase: ForwardPhase
    private let name: String

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The layer's place.
    ///   - channels: Size of the second axis.
    ///   - epsilon: Added to the variance; 1e-5, but 1e-3 in networks from TensorFlow.
    ///   - momentum: How far running statistics move towards a batch's.
    ///   - isAffine: Whether there are `weight` and `bias`.
    ///   - initialWeight: Where the scale starts: 0 for a residual branch that starts as nothing.
    public init(
        _ parameters: Parameters<T>, _ channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1,
        isAffine: Bool = true, initialWeight: Float = 1
    ) throws {
        name = parameters.path
        phase = parameters.phase
        self.epsilon = epsilon
        self.momentum = momentum
        let shape = Shape([channels])
        weight = isAffine ? try parameters("weight", shape, role: .normalization, .constant(initialWeight)) : nil
        bias = isAffine ? try parameters("bias", shape, role: .normalization, .constant(0)) : nil
        runningMean = try parameters("running_mean", shape, role: .buffer, .constant(0))
        runningVariance = try parameters("running_var", shape, role: .buffer, .constant(1))
    }

    /// The same shape. Throws `NetworkError` with this layer's name.
    public func callAsFunction(_ x: T) throws -> T {
        try Layer.located(name) {
            try x.batchNormalized(
                BatchStatistics(
                    weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
                    epsilon: epsilon, momentum: momentum, isTraining: phase.isTraining && !phase.freezesStatistics(name)
                ))
        }
    }
}
