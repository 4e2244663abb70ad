import CairnTorch

/// The exponential moving average of weights, which is what is validated and kept where a stage asks for it.
///
/// After each step `a = decay a + (1 - decay) w`, from the weights that it was made with; the decay does not warm up. Only what
/// learns is averaged: frozen weights are their own average, and running statistics are the network's own at each time.
public final class WeightsMovingAverage {
    /// How slowly the average follows.
    public let decay: Double
    private let parameters: [LearnedParameter]
    private let averages: [TorchTensor]
    private var isSwapped = false

    private static let lerp = ATen("aten::_foreach_lerp_", "Scalar")
    private static let clone = ATen("aten::clone")

    /// Starts at the weights as they are. Takes as much memory as they do.
    public init(_ parameters: [LearnedParameter], decay: Double) throws(TorchError) {
        precondition(decay >= 0 && decay < 1, "a moving average has a decay from 0 to below 1, not \(decay)")
        self.decay = decay
        self.parameters = parameters
        var averages: [TorchTensor] = []
        for parameter in parameters { averages.append(try Self.clone(parameter.tensor.detached())) }
        self.averages = averages
    }

    /// Moves towards the weights. To be called after each step of the optimiser.
    public func update() throws {
        precondition(!isSwapped, "weights are those of the average while they are swapped")
        guard !parameters.isEmpty else { return }
        try Torch.withoutGradients {
            try Self.lerp.run(averages, parameters.map(\.tensor), 1 - decay)
        }
    }

    /// Runs a body while the network has the averages for weights: to validate, to export. Weights are the same bits afterwards,
    /// also where the body throws.
    ///
    /// Costs two copies of the weights, and the memory of the largest.
    public func withAverages<R>(_ body: () throws -> R) throws -> R {
        try swap()
        let result: Result<R, any Error> = Result { try body() }
        try swap()
        return try result.get()
    }

    /// Makes the averages the weights: what a stage leaves to the next. The averages become what the weights were.
    public func adopt() throws {
        try swap()
        isSwapped = false
    }

    /// Exchanges weights and averages in place.
    private func swap() throws {
        precondition(parameters.count == averages.count)
        isSwapped.toggle()
        try Torch.withoutGradients {
            for (parameter, average) in zip(parameters, averages) {
                let weights = try Self.clone(parameter.tensor)
                try parameter.tensor.copy(from: average)
                try average.copy(from: weights)
            }
        }
    }

    /// The averages: `average.NAME`. The tensors themselves, not copies.
    public var stateTensors: [(name: String, tensor: TorchTensor)] {
        zip(parameters, averages).map { ("average." + $0.name, $1) }
    }

    /// Puts back what `stateTensors` gave. Throws `TrainingError` for other names or shapes; nothing is changed then.
    public func restore(_ state: [(name: String, tensor: TorchTensor)]) throws {
        try TrainingState.restore(state, into: stateTensors, of: "the moving average")
    }
}
