/// Zeros at random in training, nothing otherwise. No parameters.
public struct Dropout {
    private let probability: Float
    private let phase: ForwardPhase

    /// Drops each element with a probability.
    public init(probability: Float, phase: ForwardPhase) {
        self.probability = probability
        self.phase = phase
    }

    /// The same shape.
    public func callAsFunction<T: Tensor>(_ x: T) throws -> T {
        guard phase.isTraining, probability > 0 else { return x }
        return try x.droppedOut(probability: probability, isTraining: true)
    }
}
