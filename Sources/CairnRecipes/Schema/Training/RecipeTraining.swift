/// How the networks are trained.
public struct RecipeTraining: Codable, Sendable, Hashable {
    /// How training is judged while it runs.
    public struct Validation: Codable, Sendable, Hashable {
        /// The photos; those of validation.
        public var part = RecipeData.Part.validation
        /// Epochs between two looks; 1.
        public var every = 1
        /// The figure whose best epoch is kept; mAP@100.
        public var figure = "mAP@100"

        /// Every epoch, by mAP@100.
        public init() {}

        enum CodingKeys: String, CodingKey, CaseIterable { case part, every, figure }
    }

    /// The stages, each going on from the one before; a model goes through those that name it or name no model.
    public var stages: [TrainingStage]
    /// How training is judged while it runs; not at all.
    public var validation: Validation?
    /// Starts the random numbers of weights, samples and augmentations; 1.
    public var seed = 1
    /// Which document says so.
    public var source: String

    /// The stages that a model goes through, in order.
    public func stages(of model: String) -> [TrainingStage] {
        stages.filter { $0.models.isEmpty || $0.models.contains(model) }
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case stages, validation, seed, source }
}

extension RecipeTraining: YAMLDecodable {
    /// Reads the section.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        stages = try fields.required(.stages)
        guard !stages.isEmpty else {
            throw fields.error(.stages, "“stages” is empty; list a stage, or leave “training” out")
        }
        try fields.read(.validation, into: &validation)
        try fields.read(.seed, into: &seed, .within(0...4_294_967_295))
        source = try fields.required(.source)
    }
}

extension RecipeTraining.Validation: YAMLDecodable {
    /// Reads the settings.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.part, into: &part)
        try fields.read(.every, into: &every, .within(1...10_000))
        try fields.read(.figure, into: &figure)
    }
}
