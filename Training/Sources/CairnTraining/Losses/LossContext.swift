import CairnNN
import CairnRecipes
import CairnTorch

/// What losses are made for: the classes, the embeddings, and where classifiers keep their weights.
public struct LossContext {
    /// The place of classifiers' weights and losses' state. A `WeightedLossSum` puts loss `i` of a stage at `i` below it, and
    /// `DELGObjective` the local classifier at `attention`: with `Parameters(source)["classifier"]` names are
    /// `classifier.0.weight` and `classifier.attention.bias`.
    ///
    /// State, such as CurricularFace's `t`, is a buffer there, and follows batches while `parameters.phase.isTraining`.
    public var parameters: Parameters<TorchTensor>
    /// Photos of each class; as many as there are classes.
    public var classCounts: [Int]
    /// `D` of the embeddings.
    public var dimensions: Int
    /// How weights of classes begin.
    public var classifier: ClassifierSettings

    /// Makes a context.
    public init(
        parameters: Parameters<TorchTensor>, classCounts: [Int], dimensions: Int,
        classifier: ClassifierSettings = ClassifierSettings()
    ) {
        self.parameters = parameters
        self.classCounts = classCounts
        self.dimensions = dimensions
        self.classifier = classifier
    }

    /// How many classes there are.
    public var classes: Int { classCounts.count }

    /// The same with another place.
    func at(_ parameters: Parameters<TorchTensor>) -> LossContext {
        var copy = self
        copy.parameters = parameters
        return copy
    }

    /// `[rows, D]`, started as the classifier's settings say.
    func classWeights(rows: Int) throws -> TorchTensor {
        guard classes > 0 else {
            throw TrainingError(.invalidArgument, "a loss that classifies needs classes: none are given")
        }
        return try parameters("weight", [rows, dimensions], role: .weight, initializer)
    }

    private var initializer: Initializer {
        switch classifier.initializer {
        case .normal: .normal(deviation: Float(classifier.deviation ?? 0.001))
        case .xavier: .xavierUniform
        }
    }
}

extension TrainingLoss {
    /// A setting, or its kind's standard one where it is left out.
    func setting<Value>(_ path: KeyPath<TrainingLoss, Value?>) -> Value {
        guard let value = self[keyPath: path] ?? TrainingLoss(standard: kind)[keyPath: path] else {
            preconditionFailure("the loss \(kind.rawValue) has no setting \(path)")
        }
        return value
    }

    /// The loss of this formula, its weight left aside. Its own parameters are made at the context's place.
    ///
    /// - Throws: `TrainingError` where there are no classes for a loss that classifies, and what the parameters' source throws.
    public func makeLoss(_ context: LossContext) throws -> any Loss {
        switch kind {
        case .softmax: try SoftmaxLoss(self, context)
        case .cosineSoftmax: try CosineSoftmaxLoss(self, context)
        case .cosFace: try CosFaceLoss(self, context)
        case .arcFace: try ArcFaceLoss(self, context)
        case .adaCos: try AdaCosLoss(self, context)
        case .subcenterArcFace: try SubcenterArcFaceLoss(self, context)
        case .curricularFace: try CurricularFaceLoss(self, context)
        case .contrastive: ContrastiveLoss(self)
        case .triplet: TripletLoss(self)
        case .batchHardTriplet: BatchHardTripletLoss(self)
        case .listwiseAP: ListwiseAPLoss(self)
        }
    }
}
