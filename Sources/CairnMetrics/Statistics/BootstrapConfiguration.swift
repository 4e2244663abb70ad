/// How intervals and randomisation tests are computed. The defaults are what the reports state.
public struct BootstrapConfiguration: Hashable, Sendable, Codable {
    /// How an interval is read off the resampled figures.
    public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
        /// The quantiles of the resampled figures (Efron and Tibshirani 1993, section 13.3).
        case percentile
        /// BCa: the same quantiles moved for bias and skew (Efron, JASA 1987; Efron and Tibshirani 1993, section 14.3).
        case biasCorrectedAccelerated
    }

    /// The share of such intervals that hold the true figure, in 0..<1, 0 left out.
    public var level: Double = 0.95
    /// Resamples of an interval, and sign flips of a test that is too large to enumerate; at least 1.
    public var resamples: Int = 10_000
    /// What the random numbers start from. Figures of the same number of queries are resampled alike under one seed.
    public var seed: UInt64 = 1
    /// How an interval is read off.
    public var method: Method = .biasCorrectedAccelerated

    /// BCa intervals of 95 % from 10,000 resamples.
    public static let `default` = BootstrapConfiguration()

    /// Makes a configuration.
    public init(
        level: Double = 0.95, resamples: Int = 10_000, seed: UInt64 = 1, method: Method = .biasCorrectedAccelerated
    ) {
        self.level = level
        self.resamples = resamples
        self.seed = seed
        self.method = method
    }

    /// Traps on what no interval can be computed with.
    func check() {
        precondition(level > 0 && level < 1, "an interval of level \(level)")
        precondition(resamples >= 1, "an interval from \(resamples) resamples")
    }
}
