import CairnCore

/// How a feature map becomes one vector.
public struct PoolingConfiguration: Codable, Sendable, Hashable {
    /// The formula.
    public enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
        /// Mean over the map; also called SPoC. Babenko and Lempitsky 2015.
        case average = "gap"
        /// Maximum over the map. Razavian et al. 2016.
        case maximum = "mac"
        /// Maxima of square regions at several scales, each L2-normalised, and their sum. Tolias et al. 2016.
        case regionalMaximum = "rmac"
        /// `(mean x^p)^(1/p)`. Radenović et al. 2018.
        case generalizedMean = "gem"
        /// Generalised means of the regions of R-MAC, each L2-normalised, and their sum.
        case regionalGeneralizedMean = "rgem"
    }

    /// The formula; GeM.
    public var kind: Kind
    /// The exponent p of a generalised mean, or where it starts when learned; 3.
    public var exponent: Float
    /// The exponent is the parameter `pool.p` `[1]`, and not a constant; no.
    public var learnsExponent: Bool
    /// Scales L of the regions; 3.
    public var levels: Int
    /// The least value that a generalised mean sees, and what is added to the length of a region's vector; 1e-6.
    public var epsilon: Float

    /// Sets the options.
    public init(
        kind: Kind = .generalizedMean, exponent: Float = 3, learnsExponent: Bool = false, levels: Int = 3,
        epsilon: Float = 1e-6
    ) {
        self.kind = kind
        self.exponent = exponent
        self.learnsExponent = learnsExponent
        self.levels = levels
        self.epsilon = epsilon
    }

    /// Mean over the map.
    public static let average = PoolingConfiguration(kind: .average)
    /// Maximum over the map.
    public static let maximum = PoolingConfiguration(kind: .maximum)
    /// Regional maxima at three scales.
    public static let rmac = PoolingConfiguration(kind: .regionalMaximum)
    /// Generalised mean, p = 3.
    public static let gem = PoolingConfiguration()
    /// Generalised mean, p learned from 3.
    public static let learnedGeM = PoolingConfiguration(learnsExponent: true)
    /// Generalised means of regions at three scales, p = 3.
    public static let rgem = PoolingConfiguration(kind: .regionalGeneralizedMean)

    /// The regions' places depend on the map's size, so that each size of an image is a graph of its own.
    public var dependsOnSize: Bool { kind == .regionalMaximum || kind == .regionalGeneralizedMean }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, exponent, learnsExponent, levels, epsilon
    }

    /// Reads settings; what is left out has its default, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a pooling")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = PoolingConfiguration()
        kind = try values.decodeIfPresent(Kind.self, forKey: .kind) ?? defaults.kind
        exponent = try values.decodeIfPresent(Float.self, forKey: .exponent) ?? defaults.exponent
        learnsExponent = try values.decodeIfPresent(Bool.self, forKey: .learnsExponent) ?? defaults.learnsExponent
        levels = try values.decodeIfPresent(Int.self, forKey: .levels) ?? defaults.levels
        epsilon = try values.decodeIfPresent(Float.self, forKey: .epsilon) ?? defaults.epsilon
    }
}
