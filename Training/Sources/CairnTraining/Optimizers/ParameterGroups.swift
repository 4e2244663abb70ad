import CairnNN
import CairnRecipes
import CairnTorch

/// A parameter that learns.
public struct LearnedParameter {
    /// Its name.
    public let name: String
    /// The tensor that layers hold.
    public let tensor: TorchTensor
    /// The part of the network that it belongs to.
    public let part: NetworkPart

    /// Wraps the parts.
    public init(name: String, tensor: TorchTensor, part: NetworkPart = .backbone) {
        self.name = name
        self.tensor = tensor
        self.part = part
    }
}

/// Which parameters of a network learn, at which rate, and which of them decay.
///
/// | group | parameters | rate times | decays |
/// |---|---|---|---|
/// | `base` | weights of backbone, head and local half | 1 | yes |
/// | `base, no decay` | their norms and biases, unless `decaysNormsAndBiases` | 1 | no |
/// | `pooling` | the pooling's exponent | `poolingMultiplier` | no |
/// | `classifier` | weights of classes | `learningRateMultiplier` | yes |
/// | `classifier, no decay` | its biases and norms, unless `decaysNormsAndBiases` | `learningRateMultiplier` | no |
///
/// Norms are what the role `normalization` says: also gains of NFNet and the table of relative positions of Swin. Groups without
/// parameters are left out.
///
/// Frozen parts: a parameter of a frozen part does not learn, and batch normalisation in it goes by the statistics that it has.
/// `batchNorm` is all layers with running statistics, in whichever part; normalisations without statistics, such as Swin's, go on
/// learning.
public struct ParameterGroups {
    /// Parameters with one rate and one decay.
    public struct Group {
        /// What the table calls it.
        public let name: String
        /// What the learning rate is multiplied by.
        public let rateMultiplier: Double
        /// The weight decay.
        public let weightDecay: Double
        /// The parameters, in the order in which the network asked for them.
        public let parameters: [LearnedParameter]

        /// Wraps the parts.
        public init(name: String, rateMultiplier: Double, weightDecay: Double, parameters: [LearnedParameter]) {
            self.name = name
            self.rateMultiplier = rateMultiplier
            self.weightDecay = weightDecay
            self.parameters = parameters
        }
    }

    /// The groups that have parameters.
    public let groups: [Group]
    /// Names of parameters that do not learn, without running statistics.
    public let frozen: [String]
    private let frozenTensors: [TorchTensor]
    private let frozenStatistics: Set<String>

    /// All parameters that learn, group by group.
    public var parameters: [LearnedParameter] { groups.flatMap(\.parameters) }

    /// Wraps groups, nothing frozen.
    public init(_ groups: [Group]) {
        self.groups = groups
        (frozen, frozenTensors, frozenStatistics) = ([], [], [])
    }

    /// Sorts a network's parameters, those of its losses among them.
    ///
    /// - Parameters:
    ///   - entries: What the network and its losses asked for.
    ///   - optimizer: Decay, and the pooling's multiplier.
    ///   - classifier: The classifier's multiplier.
    ///   - frozenParts: What does not learn.
    ///   - classifierPrefixes: What names of classifiers begin with.
    public init(
        _ entries: [TorchParameters.Entry], optimizer: OptimizerSettings,
        classifier: ClassifierSettings = ClassifierSettings(), frozen frozenParts: [TrainingStage.FrozenPart] = [],
        classifierPrefixes: [String] = NetworkPart.classifierPrefixes
    ) {
        let normalized = Set(entries.compactMap { $0.spec.name.layer(of: "running_mean") })
        let parts = Set(frozenParts.compactMap(\.networkPart))
        let freezesAllNorms = frozenParts.contains(.batchNorm)
        var sorted: [Kind: [LearnedParameter]] = [:]
        var (frozen, frozenTensors): ([String], [TorchTensor]) = ([], [])
        for entry in entries where entry.spec.role != .buffer {
            let name = entry.spec.name
            let part = NetworkPart(of: name, classifierPrefixes: classifierPrefixes)
            let isBatchNorm = ["weight", "bias"].contains { name.layer(of: $0).map(normalized.contains) ?? false }
            guard !parts.contains(part), !(freezesAllNorms && isBatchNorm) else {
                frozen.append(name)
                frozenTensors.append(entry.tensor)
                continue
            }
            let decays = entry.spec.role == .weight || optimizer.decaysNormsAndBiases
            let kind: Kind =
                switch part {
                case .pooling: .pooling
                case .classifier: decays ? .classifier : .classifierWithoutDecay
                case .backbone, .head, .local: decays ? .base : .baseWithoutDecay
                }
            sorted[kind, default: []].append(LearnedParameter(name: name, tensor: entry.tensor, part: part))
        }
        groups = Kind.allCases.compactMap { kind in
            sorted[kind].map { parameters in
                Group(
                    name: kind.rawValue, rateMultiplier: kind.multiplier(optimizer, classifier),
                    weightDecay: kind.decays ? optimizer.weightDecay : 0, parameters: parameters)
            }
        }
        self.frozen = frozen
        self.frozenTensors = frozenTensors
        frozenStatistics = normalized.filter { layer in
            freezesAllNorms || parts.contains(NetworkPart(of: layer + ".", classifierPrefixes: classifierPrefixes))
        }
    }

    private enum Kind: String, CaseIterable {
        case base
        case baseWithoutDecay = "base, no decay"
        case pooling
        case classifier
        case classifierWithoutDecay = "classifier, no decay"

        var decays: Bool { self == .base || self == .classifier }

        func multiplier(_ optimizer: OptimizerSettings, _ classifier: ClassifierSettings) -> Double {
            switch self {
            case .base, .baseWithoutDecay: 1
            case .pooling: optimizer.poolingMultiplier
            case .classifier, .classifierWithoutDecay: classifier.learningRateMultiplier
            }
        }
    }

    /// Makes the network learn so: gradients for what learns and none for what is frozen, and statistics that stay.
    ///
    /// To be called at the start of each stage, before the first forward pass. Gradients left from before are forgotten.
    public func apply(to phase: ForwardPhase) throws {
        for parameter in parameters { try parameter.tensor.requiringGradient().setGradient(nil) }
        for tensor in frozenTensors { try tensor.requiringGradient(false).setGradient(nil) }
        let layers = frozenStatistics
        phase.freezesStatistics = { layers.contains($0) }
    }
}

extension String {
    /// The layer that a parameter with this last name belongs to: `bn1` of `bn1.weight`.
    fileprivate func layer(of last: String) -> String? {
        hasSuffix("." + last) ? String(dropLast(last.count + 1)) : nil
    }
}
