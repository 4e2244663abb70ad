import CairnRecipes
import CairnTorch

/// Stochastic gradient descent with momentum.
///
/// With gradient g, decay d, momentum m and rate r, as torch.optim.SGD: `g += d w`, `v = m v + g`, `w -= r v`, or in Nesterov's form
/// (Sutskever et al. 2013) `w -= r (g + m v)`. The rate is outside the momentum, so that a change of rate acts at once. No
/// dampening, so that a velocity of zeros is where torch's lazily made one starts.
public final class SGD: Optimizer {
    /// What learns.
    public let groups: ParameterGroups
    private let learningRate: Double
    private let momentum: Double
    private let isNesterov: Bool
    /// A velocity a parameter, group by group; empty without momentum.
    private let velocities: [[TorchTensor]]

    private static let fused = ATen("aten::_fused_sgd_")
    private static let zerosLike = ATen("aten::zeros_like")

    /// Velocities of 0. A momentum that the settings leave out is 0.
    public init(_ groups: ParameterGroups, settings: OptimizerSettings) throws(TorchError) {
        self.groups = groups
        learningRate = settings.learningRate
        let momentum = settings.momentum ?? 0
        self.momentum = momentum
        isNesterov = settings.nesterov ?? false
        var velocities: [[TorchTensor]] = []
        for group in groups.groups {
            var list: [TorchTensor] = []
            if momentum != 0 { for parameter in group.parameters { list.append(try Self.zerosLike(parameter.tensor)) } }
            velocities.append(list)
        }
        self.velocities = velocities
    }

    /// See `Optimizer`.
    public func step(rateFactor: Double) throws {
        try Torch.withoutGradients {
            for (group, velocities) in zip(groups.groups, velocities) {
                let list = try GradientList(group.parameters)
                guard !list.isEmpty else { continue }
                // Last: neither maximising nor a first step, as velocities are there from the start.
                try Self.fused.run(
                    list.weights, list.gradients, momentum == 0 ? [] : list.select(velocities), group.weightDecay,
                    momentum, learningRate * group.rateMultiplier * rateFactor, 0.0, isNesterov && momentum != 0,
                    false, false)
            }
        }
    }

    /// Velocities: `momentum.NAME`.
    public var stateTensors: [(name: String, tensor: TorchTensor)] {
        zip(groups.groups, velocities).flatMap { group, velocities in
            zip(group.parameters, velocities).map { ("momentum." + $0.name, $1) }
        }
    }
}
