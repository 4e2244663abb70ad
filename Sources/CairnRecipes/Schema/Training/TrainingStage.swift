/// One run of the optimiser: the same data, losses and schedule from its first epoch to its last.
public struct TrainingStage: Codable, Sendable, Hashable {
    /// Where a stage's weights come from.
    public enum Start: String, Codable, Sendable, Hashable, YAMLChoice {
        /// A published checkpoint, as the model's `weights` say.
        case pretrained
        /// The stage before; the classifier too where classes are the same.
        case previous
        /// Random numbers.
        case random
    }

    /// A part of the network that does not learn.
    public enum FrozenPart: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Batch normalisation: neither its statistics nor its scales and shifts change.
        case batchNorm
        /// The whole backbone.
        case backbone
        /// The exponent of the pooling.
        case pooling
        /// What makes the descriptor of the pooled vector.
        case head
        /// The weights of the classes.
        case classifier
    }

    /// How numbers are kept while gradients are computed.
    public enum Precision: String, Codable, Sendable, Hashable, YAMLChoice {
        /// 32 bits throughout.
        case f32
        /// Products in bfloat16, weights and their updates in 32 bits.
        case bf16
    }

    /// What it is called.
    public var name: String
    /// The models that go through it; all of the recipe where it is empty.
    public var models: [String] = []
    /// What it learns from: `train`, or the name of a cleaning step.
    public var data = "train"
    /// Photos that count less; none.
    public var outside: OutsideWeight?
    /// Where its weights come from; a checkpoint for a model's first stage, the stage before for others.
    public var start: Start?
    /// What is minimised: the weighted sum.
    public var losses: [TrainingLoss]
    /// The weights of classes, where a loss classifies.
    public var classifier = ClassifierSettings()
    /// The losses of DELG's local half; `nil` where it is not trained.
    public var delg: DELGLosses?
    /// Which photos make a batch.
    public var sampler = BatchSampler()
    /// How pairs and triplets are found again; `nil` for losses that take classes or whole batches.
    public var mining: TupleMining?
    /// What is done to photos, phase by phase.
    public var augmentation: [AugmentationPhase] = []
    /// How photos are mixed with others; not at all.
    public var mixing: ImageMixing?
    /// How weights follow gradients.
    public var optimizer = OptimizerSettings()
    /// How the learning rate changes.
    public var schedule = LearningRateSchedule()
    /// Sizes of photos, each for some epochs; their sum is `epochs`.
    public var sizes: [ImageSizeStep]
    /// Passes over the data: the sum of the sizes' epochs.
    public var epochs: Int
    /// Photos of a step, over all processes; tuples where the sampler gives such; 64.
    public var batchSize = 64
    /// Steps whose gradients are added up before weights change; 1.
    public var accumulation = 1
    /// Parts that do not learn; none.
    public var frozen: [FrozenPart] = []
    /// Gradients that are too large are cut; not at all.
    public var clipping: GradientClipping?
    /// The decay of the weights' moving average, which is what is kept; `nil` for the weights themselves.
    public var movingAverage: Double?
    /// How numbers are kept; in 32 bits.
    public var precision = Precision.f32
    /// Which document says so.
    public var source: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, models, data, outside, start, losses, classifier, delg, sampler, mining, augmentation, mixing,
            optimizer
        case schedule, sizes, epochs, batchSize, accumulation, frozen, clipping, movingAverage, precision, source
    }
}

extension TrainingStage: YAMLDecodable {
    /// Reads a stage. `epochs` may be left out, as may the epochs of a single size.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        name = try fields.required(.name)
        losses = try fields.required(.losses)
        guard !losses.isEmpty || fields[.delg] != nil else {
            throw fields.error(.losses, "“losses” is empty; list what is minimised")
        }
        source = try fields.required(.source)
        (sizes, epochs) = try Self.readSizes(fields)
        try fields.read(.models, into: &models)
        try fields.read(.data, into: &data)
        try fields.read(.outside, into: &outside)
        try fields.read(.start, into: &start)
        try fields.read(.classifier, into: &classifier)
        try fields.read(.delg, into: &delg)
        try fields.read(.sampler, into: &sampler)
        try fields.read(.mining, into: &mining)
        try fields.read(.augmentation, into: &augmentation)
        try fields.read(.mixing, into: &mixing)
        try fields.read(.optimizer, into: &optimizer)
        try fields.read(.schedule, into: &schedule)
        try fields.read(.batchSize, into: &batchSize, .within(1...1_000_000))
        try fields.read(.accumulation, into: &accumulation, .within(1...100_000))
        try fields.read(.frozen, into: &frozen)
        try fields.read(.clipping, into: &clipping)
        try fields.read(.movingAverage, into: &movingAverage, .from(0, below: 1))
        try fields.read(.precision, into: &precision)
    }

    private static func readSizes(_ fields: YAMLFields<CodingKeys>) throws -> ([ImageSizeStep], Int) {
        var sizes: [ImageSizeStep] = try fields.required(.sizes)
        var epochs: Int?
        try fields.read(.epochs, into: &epochs, .within(1...100_000))
        guard !sizes.isEmpty else { throw fields.error(.sizes, "“sizes” is empty; give at least one, as [512]") }
        if sizes.count == 1, sizes[0].epochs == 0 {
            guard let epochs else {
                throw fields.error(.sizes, "neither “epochs” nor “sizes” says how long it takes; give “epochs”")
            }
            sizes[0].epochs = epochs
        }
        guard sizes.allSatisfy({ $0.epochs > 0 }) else {
            throw fields.error(.sizes, "of several sizes each must say for how many “epochs”")
        }
        let sum = sizes.map(\.epochs).reduce(0, +)
        guard epochs == nil || epochs == sum else {
            throw fields.error(.epochs, "“epochs” is \(epochs ?? 0), but those of “sizes” are \(sum); make them agree")
        }
        return (sizes, sum)
    }
}
