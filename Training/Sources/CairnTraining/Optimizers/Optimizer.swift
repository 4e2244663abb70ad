import CairnRecipes
import CairnTorch

/// How weights follow gradients.
///
/// Each step is one call of LibTorch's fused kernel a group, on the processor and on CUDA. A parameter without gradient is left as
/// it is, its state too, as in torch.optim. Not for use from several threads.
public protocol Optimizer: AnyObject {
    /// What learns.
    var groups: ParameterGroups { get }

    /// Changes weights by their gradients.
    ///
    /// The rate is the settings' times the group's multiplier times `rateFactor`, which the schedule gives. Throws `TorchError`
    /// where LibTorch refuses, `TrainingError` never.
    func step(rateFactor: Double) throws

    /// What the next step depends on beside weights and gradients, by name: `momentum.layer1.0.conv1.weight`. The tensors
    /// themselves, not copies.
    var stateTensors: [(name: String, tensor: TorchTensor)] { get }
}

extension Optimizer {
    /// Forgets gradients, so that their memory is free until the next backward pass.
    public func clearGradients() throws(TorchError) {
        for group in groups.groups {
            for parameter in group.parameters { try parameter.tensor.setGradient(nil) }
        }
    }

    /// Puts back what `stateTensors` of an optimiser with the same groups gave; what follows is bit for bit what would have.
    ///
    /// Throws `TrainingError` for names that are missing or too many, and for other shapes; nothing is changed then.
    public func restore(_ state: [(name: String, tensor: TorchTensor)]) throws {
        try TrainingState.restore(state, into: stateTensors, of: "the optimiser")
    }
}

/// Makes a stage's optimiser, its state as before the first step.
public func makeOptimizer(_ settings: OptimizerSettings, for groups: ParameterGroups) throws -> any Optimizer {
    switch settings.kind {
    case .sgd: try SGD(groups, settings: settings)
    case .adam, .adamw: try Adam(groups, settings: settings)
    }
}

/// The parameters of a list that have gradients, with these and their places in the list.
struct GradientList {
    private(set) var places: [Int] = []
    private(set) var weights: [TorchTensor] = []
    private(set) var gradients: [TorchTensor] = []

    init(_ parameters: [LearnedParameter]) throws(TorchError) {
        places.reserveCapacity(parameters.count)
        weights.reserveCapacity(parameters.count)
        gradients.reserveCapacity(parameters.count)
        for (place, parameter) in parameters.enumerated() {
            guard let gradient = try parameter.tensor.gradient else { continue }
            places.append(place)
            weights.append(parameter.tensor)
            gradients.append(gradient)
        }
    }

    var isEmpty: Bool { places.isEmpty }

    /// Those of a parallel list that belong to parameters with gradients.
    func select(_ state: [TorchTensor]) -> [TorchTensor] { places.map { state[$0] } }
}
