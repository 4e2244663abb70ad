/// A loss with its weight in the sum.
///
/// Settings that a loss does not have are `nil`; those that it has are never `nil` once it is read.
public struct TrainingLoss: Codable, Sendable, Hashable {
    /// The formula. `θ` is the angle between a descriptor and the weights of its class, both of unit length.
    public enum Kind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Cross-entropy of a linear layer's outputs, which has biases and no normalisation.
        case softmax
        /// Cross-entropy of `scale · cos θ`.
        case cosineSoftmax
        /// `scale (cos θ - margin)`: Wang et al. 2018.
        case cosFace
        /// `scale cos(θ + margin)`: Deng et al. 2019.
        case arcFace
        /// `cosineSoftmax` with the scale that AdaCos derives, fixed or dynamic: Zhang et al. 2019.
        case adaCos
        /// ArcFace with the nearest of `subcenters` weights a class: Deng et al. 2020.
        case subcenterArcFace
        /// ArcFace whose hard negatives count more as training goes on: Huang et al. 2020.
        case curricularFace
        /// Matching pairs near, others at least a margin apart: Hadsell et al. 2006, Radenović et al. 2018.
        case contrastive
        /// A matching photo nearer than another by a margin: Schroff et al. 2015.
        case triplet
        /// `triplet` with the hardest of each batch: Hermans et al. 2017.
        case batchHardTriplet
        /// Average precision of rankings within the batch, made smooth by bins: Revaud et al. 2019.
        case listwiseAP
    }

    /// How classes of different sizes are weighted in a cross-entropy.
    public enum ClassWeights: String, Codable, Sendable, Hashable, YAMLChoice {
        /// All alike.
        case uniform
        /// By one over the number of photos.
        case inverse
        /// By one over the square root of the number of photos.
        case inverseSquareRoot
        /// By one over the logarithm of the number of photos.
        case inverseLog
    }

    /// How AdaCos finds its scale.
    public enum ScaleRule: String, Codable, Sendable, Hashable, YAMLChoice {
        /// `√2 ln(C - 1)` for `C` classes.
        case fixed
        /// After each batch, from the median angle.
        case dynamic
    }

    /// The formula.
    public var kind: Kind
    /// What it is multiplied by in the sum; 1.
    public var weight = 1.0
    /// What cosines are multiplied by, or where it begins when it is learned; 30.
    public var scale: Double?
    /// The margin: 0.3 (ArcFace), 0.35 (CosFace), 0.4 (CurricularFace), 0.7 (contrastive), 0.1 (triplets).
    public var margin: Double?
    /// The scale is learned; no. AdaCos has no such setting, as it derives its scale.
    public var learnsScale: Bool?
    /// `adaCos`: how the scale is found; fixed.
    public var scaleRule: ScaleRule?
    /// `subcenterArcFace`: weights a class; 3.
    public var subcenters: Int?
    /// `curricularFace`: how slowly the moving mean of positive cosines follows; 0.99, as the authors' code.
    public var momentum: Double?
    /// `listwiseAP`: bins of the similarity; 20.
    public var bins: Int?
    /// Classification: how much of the target goes to all classes; 0.
    public var labelSmoothing: Double?
    /// Classification: how classes are weighted; all alike.
    public var classWeights: ClassWeights?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, weight, scale, margin, learnsScale, scaleRule, subcenters, momentum, bins, labelSmoothing
        case classWeights
    }
}

extension TrainingLoss.Kind {
    /// It has weights for each class.
    public var classifies: Bool {
        switch self {
        case .softmax, .cosineSoftmax, .cosFace, .arcFace, .adaCos, .subcenterArcFace, .curricularFace: true
        case .contrastive, .triplet, .batchHardTriplet, .listwiseAP: false
        }
    }

    /// It compares descriptors of unit length with class weights of unit length.
    public var isCosine: Bool { classifies && self != .softmax }

    /// It takes pairs or triplets that mining found.
    public var needsTuples: Bool { self == .contrastive || self == .triplet }

    /// It takes batches of several photos of each class.
    public var needsPositivesInBatch: Bool { self == .batchHardTriplet || self == .listwiseAP }
}

extension TrainingLoss: YAMLDecodable {
    /// Reads a loss; its name alone has the defaults.
    public init(yaml: YAMLNode) throws {
        guard yaml.isMapping else {
            self = TrainingLoss(standard: try Kind(yaml: yaml))
            return
        }
        let fields = try yaml.fields(CodingKeys.self)
        self.init(standard: try fields.required(.kind))
        try fields.allow(only: settings, of: "the loss \(kind.rawValue)")
        try fields.read(.weight, into: &weight, .above(0, upTo: 1e6))
        try fields.read(.scale, into: &scale, .above(0, upTo: 1000))
        try fields.read(.margin, into: &margin, .within(0...10))
        try fields.read(.learnsScale, into: &learnsScale)
        try fields.read(.scaleRule, into: &scaleRule)
        try fields.read(.subcenters, into: &subcenters, .within(1...64))
        try fields.read(.momentum, into: &momentum, .from(0, below: 1))
        try fields.read(.bins, into: &bins, .within(2...1000))
        try fields.read(.labelSmoothing, into: &labelSmoothing, .from(0, below: 1))
        try fields.read(.classWeights, into: &classWeights)
    }

    /// A loss with its paper's settings and weight 1.
    public init(standard kind: Kind) {
        self.kind = kind
        if kind.classifies { (labelSmoothing, classWeights) = (0, .uniform) }
        switch kind {
        case .softmax: break
        case .cosineSoftmax: (scale, learnsScale) = (30, false)
        case .cosFace: (scale, learnsScale, margin) = (30, false, 0.35)
        case .arcFace: (scale, learnsScale, margin) = (30, false, 0.3)
        case .adaCos: scaleRule = .fixed
        case .subcenterArcFace: (scale, learnsScale, margin, subcenters) = (30, false, 0.3, 3)
        case .curricularFace: (scale, learnsScale, margin, momentum) = (30, false, 0.4, 0.99)
        case .contrastive: margin = 0.7
        case .triplet, .batchHardTriplet: margin = 0.1
        case .listwiseAP: bins = 20
        }
    }

    private var settings: [CodingKeys] {
        let classification: [CodingKeys] = kind.classifies ? [.labelSmoothing, .classWeights] : []
        let own: [CodingKeys] =
            switch kind {
            case .softmax: []
            case .cosineSoftmax: [.scale, .learnsScale]
            case .cosFace, .arcFace: [.scale, .learnsScale, .margin]
            case .adaCos: [.scaleRule]
            case .subcenterArcFace: [.scale, .learnsScale, .margin, .subcenters]
            case .curricularFace: [.scale, .learnsScale, .margin, .momentum]
            case .contrastive, .triplet, .batchHardTriplet: [.margin]
            case .listwiseAP: [.bins]
            }
        return [.kind, .weight] + own + classification
    }
}
