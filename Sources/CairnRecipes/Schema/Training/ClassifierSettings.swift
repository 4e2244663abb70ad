/// The weights of the classes, where a loss classifies.
public struct ClassifierSettings: Codable, Sendable, Hashable {
    /// How they begin.
    public enum Initializer: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Normal numbers of mean 0 and `deviation`.
        case normal
        /// Uniform numbers by the layer's size: Glorot and Bengio 2010.
        case xavier
    }

    /// How they begin; normal.
    public var initializer = Initializer.normal
    /// `normal`: the standard deviation; 0.001.
    public var deviation: Double? = 0.001
    /// What the learning rate is multiplied by for them; 1.
    public var learningRateMultiplier = 1.0
    /// They begin anew even where the stage before had the same classes; no.
    public var restarts = false

    /// Normal numbers with deviation 0.001.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case initializer, deviation, learningRateMultiplier, restarts }
}

extension ClassifierSettings: YAMLDecodable {
    /// Reads the settings.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.initializer, into: &initializer)
        if initializer == .xavier {
            try fields.allow(
                only: [.initializer, .learningRateMultiplier, .restarts], of: "the initializer xavier")
            deviation = nil
        }
        try fields.read(.deviation, into: &deviation, .above(0, upTo: 10))
        try fields.read(.learningRateMultiplier, into: &learningRateMultiplier, .above(0, upTo: 1e6))
        try fields.read(.restarts, into: &restarts)
    }
}
