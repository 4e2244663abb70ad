import CairnCore

/// How an image's local descriptors become one representation, and how two of these compare.
public struct FeatureAggregationConfiguration: Sendable, Codable, Hashable {
    /// What is kept of the residuals at a word.
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// Their sum, for every word: one long vector (VLAD).
        case vlad
        /// The direction of their sum, for words that have one (ASMK).
        case aggregatedMatchKernel
        /// The signs of their sum, a bit a dimension, for words that have one (ASMK*).
        case binaryAggregatedMatchKernel
    }

    /// What is kept.
    public var method: Method

    /// Nearest words to which each descriptor goes, at least 1.
    public var assignments: Int

    /// Whether a VLAD is brought to unit length; for the match kernels, whether a similarity is divided by the root of the
    /// product of both images' numbers of words.
    public var normalizes: Bool

    /// Selectivity α: the power to which a similarity above τ is raised. Not for VLAD.
    public var alpha: Float

    /// Threshold τ: similarities up to it count nothing. Not for VLAD.
    public var tau: Float

    /// Sets what differs from `.vlad`.
    public init(
        method: Method = .vlad, assignments: Int = 1, normalizes: Bool = true, alpha: Float = 3, tau: Float = 0
    ) {
        self.method = method
        self.assignments = assignments
        self.normalizes = normalizes
        self.alpha = alpha
        self.tau = tau
    }

    /// Normalised VLAD with one word a descriptor.
    public static let vlad = FeatureAggregationConfiguration()

    /// ASMK with α = 3, τ = 0 and one word a descriptor.
    public static let asmk = FeatureAggregationConfiguration(method: .aggregatedMatchKernel)

    /// ASMK* with α = 3, τ = 0 and one word a descriptor.
    public static let binaryASMK = FeatureAggregationConfiguration(method: .binaryAggregatedMatchKernel)

    private enum CodingKeys: String, CodingKey, CaseIterable { case method, assignments, normalizes, alpha, tau }

    /// Reads a configuration; a missing key keeps its default, an unknown one is an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "feature aggregation")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        method = try values.decodeIfPresent(Method.self, forKey: .method) ?? method
        assignments = try values.decodeIfPresent(Int.self, forKey: .assignments) ?? assignments
        normalizes = try values.decodeIfPresent(Bool.self, forKey: .normalizes) ?? normalizes
        alpha = try values.decodeIfPresent(Float.self, forKey: .alpha) ?? alpha
        tau = try values.decodeIfPresent(Float.self, forKey: .tau) ?? tau
    }
}
