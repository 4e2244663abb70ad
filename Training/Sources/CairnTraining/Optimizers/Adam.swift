import CairnRecipes
import CairnTorch

/// Adam, with weight decay as part of the gradient (Kingma and Ba 2015) or beside it (AdamW: Loshchilov and Hutter 2019).
///
/// At its step s, with gradient g, decay d and rate r, as torch.optim: Adam `g += d w`, AdamW `w -= r d w`; then
/// `m = β1 m + (1 - β1) g`, `v = β2 v + (1 - β2) g²`, `w -= r (m / (1 - β1^s)) / (√(v / (1 - β2^s)) + ε)`. Steps are counted for each
/// parameter, so that one which comes late has its own correction.
public final class Adam: Optimizer {
    /// What learns.
    public let groups: ParameterGroups
    private let settings: OptimizerSettings
    private let state: [State]

    /// What a group remembers, parallel to its parameters.
    private struct State {
        var means: [TorchTensor] = []
        var squares: [TorchTensor] = []
        /// Single numbers of 32 bits, where fused kernels read them.
        var steps: [TorchTensor] = []
    }

    private static let fusedAdam = ATen("aten::_fused_adam_")
    private static let fusedAdamW = ATen("aten::_fused_adamw_")
    private static let addScalar = ATen("aten::_foreach_add_", "Scalar")
    private static let zerosLike = ATen("aten::zeros_like")

    /// No step taken. What the settings leave out is 0.9, 0.999 and 1e-8.
    public init(_ groups: ParameterGroups, settings: OptimizerSettings) throws(TorchError) {
        self.groups = groups
        self.settings = settings
        var state: [State] = []
        for group in groups.groups {
            var own = State()
            for parameter in group.parameters {
                own.means.append(try Self.zerosLike(parameter.tensor))
                own.squares.append(try Self.zerosLike(parameter.tensor))
                own.steps.append(try TorchTensor([0], shape: [], device: parameter.tensor.device))
            }
            state.append(own)
        }
        self.state = state
    }

    /// See `Optimizer`.
    public func step(rateFactor: Double) throws {
        let fused = settings.kind == .adamw ? Self.fusedAdamW : Self.fusedAdam
        let noMaxima: [TorchTensor] = []
        try Torch.withoutGradients {
            for (group, state) in zip(groups.groups, state) {
                let list = try GradientList(group.parameters)
                guard !list.isEmpty else { continue }
                let steps = list.select(state.steps)
                try Self.addScalar.run(steps, 1)
                // Last: neither AMSGrad nor maximising.
                try fused.run(
                    list.weights, list.gradients, list.select(state.means), list.select(state.squares), noMaxima, steps,
                    settings.learningRate * group.rateMultiplier * rateFactor, settings.beta1 ?? 0.9,
                    settings.beta2 ?? 0.999, group.weightDecay, settings.epsilon ?? 1e-8, false,
                    false)
            }
        }
    }

    /// Means of gradients, of their squares, and steps: `mean.NAME`, `square.NAME`, `steps.NAME`.
    public var stateTensors: [(name: String, tensor: TorchTensor)] {
        zip(groups.groups, state).flatMap { group, state in
            group.parameters.enumerated().flatMap { place, parameter in
                [
                    ("mean." + parameter.name, state.means[place]), ("square." + parameter.name, state.squares[place]),
                    ("steps." + parameter.name, state.steps[place]),
                ]
            }
        }
    }
}
