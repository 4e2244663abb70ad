import CairnRecognition

/// How labels and confidences come of rankings.
public struct RecipeRecognition: Codable, Sendable, Hashable {
    /// The labelled photos that vote; those of training.
    public var gallery = RecipeData.Part.train
    /// Candidates that each query takes from them; 10.
    public var candidates = 10
    /// Votes, suppression, geometry, calibration and rejection.
    public var configuration = RecognizerConfiguration.geometric
    /// The photos whose similarities a quantile normalisation is fitted on; those of the test.
    public var normalizedOn = RecipeData.Part.test
    /// How trees are grown, where the boosted re-ranker decides.
    public var boosting: BoostingParameters?
    /// The photos that the boosted re-ranker, probabilities and threshold are fitted on; those of validation.
    public var fittedOn = RecipeData.Part.validation
    /// Which document says so.
    public var source: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case gallery, candidates, configuration, normalizedOn, boosting, fittedOn, source
    }

    private enum Keys: String, CodingKey, CaseIterable {
        case gallery, candidates, preset, settings, normalizedOn, boosting, fittedOn, source
    }
}

extension RecipeRecognition: YAMLDecodable {
    /// Reads the section: a `preset` of `RecognizerConfiguration`, and the `settings` that differ from it.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(Keys.self)
        try fields.read(.gallery, into: &gallery)
        try fields.read(.candidates, into: &candidates, .within(1...100_000))
        try fields.read(.normalizedOn, into: &normalizedOn)
        try fields.read(.fittedOn, into: &fittedOn)
        source = try fields.required(.source)
        if let node = fields[.preset] {
            let name = try node.text()
            let presets = RecognizerConfiguration.presets
            guard let preset = presets.first(where: { $0.name == name }) else {
                throw node.mismatch("one of \(presets.map(\.name).joined(separator: ", "))")
            }
            configuration = preset.configuration
        }
        if let node = fields[.settings] { configuration = try node.changing(configuration) }
        if let node = fields[.boosting] {
            guard configuration.boosted else {
                throw node.error(
                    "nothing is boosted, so that “boosting” means nothing; set “boosted: true”, or leave it out")
            }
            boosting = try node.changing(BoostingParameters())
        } else if configuration.boosted {
            boosting = BoostingParameters()
        }
        do {
            try configuration.validate()
            try boosting?.validate()
        } catch { throw yaml.error(error.message) }
    }
}
