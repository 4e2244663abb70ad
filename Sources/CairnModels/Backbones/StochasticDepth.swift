import CairnNN

/// Residual branches left out at random in training: Huang et al. 2016, *Deep Networks with Stochastic Depth*.
///
/// A branch is dropped for a whole image, and what stays is scaled up, so that the mean is kept. No parameters.
struct StochasticDepth {
    private let probability: Float
    private let phase: ForwardPhase

    /// Drops the branch with a probability.
    init(probability: Float, phase: ForwardPhase) {
        self.probability = probability
        self.phase = phase
    }

    /// Probabilities that grow evenly from 0 at the first of `count` blocks to `last` at the last one.
    static func probabilities(upTo last: Float, count: Int) -> [Float] {
        (0..<count).map { count > 1 ? last * Float($0) / Float(count - 1) : 0 }
    }

    /// The same shape; the first axis is the batch.
    func callAsFunction<T: Tensor>(_ branch: T) throws -> T {
        guard phase.isTraining, probability > 0 else { return branch }
        let shape = Shape([branch.shape[0]] + [Int](repeating: 1, count: branch.shape.rank - 1))
        let ones = try branch.constant([Float](repeating: 1, count: shape.elementCount), shape: shape)
        return try branch * ones.droppedOut(probability: probability, isTraining: true)
    }
}
