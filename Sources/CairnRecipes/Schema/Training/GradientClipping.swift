/// How gradients that are too large are cut.
public struct GradientClipping: Codable, Sendable, Hashable {
    /// What is compared with the threshold.
    public enum Kind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// The norm of all gradients together.
        case norm
        /// Each number.
        case value
        /// Each unit's norm by that of its weights: Brock et al. 2021, for networks without normalisation.
        case adaptive
    }

    /// What is compared; the norm.
    public var kind = Kind.norm
    /// The most that it may be; 1, and 0.01 for the adaptive form.
    public var threshold = 1.0

    /// A norm of 1.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case kind, threshold }
}

extension GradientClipping: YAMLDecodable {
    /// Reads the settings.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.kind, into: &kind)
        if kind == .adaptive { threshold = 0.01 }
        try fields.read(.threshold, into: &threshold, .above(0, upTo: 1e6))
    }
}
