/// A figure over queries with its bootstrap confidence interval: how far it would move with other queries of the same kind.
///
/// Queries are drawn with replacement as many times as there are, the figure is computed on what was drawn, and this
/// `resamples` times (Efron, Annals of Statistics 1979). Only the choice of queries is taken as random; gallery, model and
/// settings stay as they are.
public struct BootstrapInterval: Hashable, Sendable, Codable {
    /// The figure on the queries as they are.
    public let estimate: Double
    /// The lower end.
    public let lower: Double
    /// The upper end.
    public let upper: Double
    /// The share of such intervals that hold the true figure: 0.95.
    public let level: Double
    /// Queries behind the figure.
    public let queries: Int

    /// An interval that was computed elsewhere. Traps unless `lower <= upper` and all are numbers.
    public init(estimate: Double, lower: Double, upper: Double, level: Double, queries: Int) {
        precondition(lower <= upper && !estimate.isNaN, "an interval \(lower)...\(upper) of \(estimate)")
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
        self.level = level
        self.queries = queries
    }

    /// The interval of a mean, one value a query. `nil` for fewer than two queries, which say nothing of their spread.
    ///
    /// O(queries x resamples). Traps on a value that is not finite.
    public init?(meanOf values: [Double], configuration: BootstrapConfiguration = .default) {
        configuration.check()
        guard values.count >= 2 else { return nil }
        for (query, value) in values.enumerated() {
            precondition(value.isFinite, "the figure of query \(query) is \(value)")
        }
        let count = values.count
        let sum = values.reduce(0, +)
        if values.allSatisfy({ $0 == values[0] }) {
            self.init(
                estimate: values[0], lower: values[0], upper: values[0], level: configuration.level, queries: count)
            return
        }
        var generator = SplitMix64(seed: configuration.seed)
        let resampled = values.withUnsafeBufferPointer { values in
            (0..<configuration.resamples).map { _ in
                var total = 0.0
                for _ in 0..<count { total += values[generator.index(below: count)] }
                return total / Double(count)
            }
        }
        self.init(
            estimate: sum / Double(count), resampled: resampled,
            leftOut: { values.map { (sum - $0) / Double(count - 1) } }, queries: count, configuration: configuration)
    }

    /// Reads the interval off resampled figures.
    ///
    /// - Parameter leftOut: The figure without each query in turn, asked for by BCa alone.
    init(
        estimate: Double, resampled: [Double], leftOut: () -> [Double], queries: Int,
        configuration: BootstrapConfiguration
    ) {
        let sorted = resampled.sorted()
        var tails = (lower: (1 - configuration.level) / 2, upper: (1 + configuration.level) / 2)
        if configuration.method == .biasCorrectedAccelerated,
            let moved = Self.correctedTails(tails, estimate: estimate, resampled: resampled, leftOut: leftOut())
        {
            tails = moved
        }
        self.init(
            estimate: estimate, lower: Self.quantile(tails.lower, of: sorted),
            upper: Self.quantile(tails.upper, of: sorted), level: configuration.level, queries: queries)
    }

    /// BCa's tails: `Φ(z0 + (z0 + z) / (1 - a (z0 + z)))` for each tail's z.
    ///
    /// z0 is Φ⁻¹ of the share of resampled figures below the estimate, those equal to it counted half; a is
    /// `Σ u³ / 6 (Σ u²)^1.5` with u the mean of the left-out figures minus each. `nil` where the figures do not vary, or all of
    /// them lie on one side: then the plain percentiles stand.
    private static func correctedTails(
        _ tails: (lower: Double, upper: Double), estimate: Double, resampled: [Double], leftOut: [Double]
    ) -> (lower: Double, upper: Double)? {
        let below = resampled.count { $0 < estimate }
        let equal = resampled.count { $0 == estimate }
        let bias = NormalDistribution.quantile(
            (Double(below) + Double(equal) / 2) / Double(resampled.count))
        let center = leftOut.reduce(0, +) / Double(leftOut.count)
        var squares = 0.0
        var cubes = 0.0
        for value in leftOut {
            let influence = center - value
            squares += influence * influence
            cubes += influence * influence * influence
        }
        guard bias.isFinite, squares > 0 else { return nil }
        let acceleration = cubes / (6 * squares * squares.squareRoot())
        func moved(_ tail: Double) -> Double {
            let z = bias + NormalDistribution.quantile(tail)
            return NormalDistribution.cumulative(bias + z / (1 - acceleration * z))
        }
        let result = (lower: moved(tails.lower), upper: moved(tails.upper))
        return result.lower < result.upper ? result : nil
    }

    /// The quantile of sorted values, linear between neighbours (type 7 of Hyndman and Fan, American Statistician 1996).
    private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let place = share * Double(sorted.count - 1)
        let index = min(max(0, Int(place)), sorted.count - 1)
        guard index + 1 < sorted.count else { return sorted[index] }
        return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
    }
}
