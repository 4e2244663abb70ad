/// Two systems on the same queries: the mean difference, its bootstrap interval, and how likely chance alone would give one as
/// large.
///
/// Pairs take out how hard the queries are, so that differences show that the systems' own intervals, which overlap, would hide.
public struct PairedComparison: Hashable, Sendable, Codable {
    /// The mean of system minus baseline over the queries, with its interval.
    public let difference: BootstrapInterval

    /// Two-sided p-value of Fisher's randomisation test, in 0...1, smallest 1 / (resamples + 1) where it is sampled.
    ///
    /// If the systems were alike, each query's difference could as well have the other sign. p is the share of all signs that
    /// give a mean at least as far from 0 (Smucker, Allan and Carterette, CIKM 2007, section 3.2).
    public let pValue: Double

    /// Whether all signs were enumerated rather than sampled.
    public let isExact: Bool

    /// Queries on which the system is better.
    public let wins: Int
    /// Queries on which both are equal.
    public let ties: Int
    /// Queries on which the baseline is better.
    public let losses: Int

    /// All signs are enumerated up to this many queries that are no ties.
    public static let exactLimit = 16

    /// Compares figures of the same queries in the same order. `nil` for fewer than two queries.
    ///
    /// O(queries x resamples). Traps when the counts differ or a figure is not finite.
    public init?(_ system: [Double], baseline: [Double], configuration: BootstrapConfiguration = .default) {
        precondition(system.count == baseline.count, "\(system.count) figures beside \(baseline.count)")
        let differences = zip(system, baseline).map { $0 - $1 }
        guard let interval = BootstrapInterval(meanOf: differences, configuration: configuration) else { return nil }
        difference = interval
        wins = differences.count { $0 > 0 }
        losses = differences.count { $0 < 0 }
        ties = differences.count - wins - losses
        // Ties have no sign.
        let signed = differences.filter { $0 != 0 }
        isExact = signed.count <= Self.exactLimit
        pValue = isExact ? Self.enumerated(signed) : Self.sampled(signed, configuration)
    }

    /// Compares on the queries that both have a figure for. `nil` for fewer than two of them.
    public init?(_ system: [Double?], baseline: [Double?], configuration: BootstrapConfiguration = .default) {
        precondition(system.count == baseline.count, "\(system.count) figures beside \(baseline.count)")
        let pairs = zip(system, baseline).compactMap { left, right in left.flatMap { left in right.map { (left, $0) } }
        }
        self.init(pairs.map(\.0), baseline: pairs.map(\.1), configuration: configuration)
    }

    private init(_ comparison: PairedComparison, turned difference: BootstrapInterval) {
        self.difference = difference
        pValue = comparison.pValue
        isExact = comparison.isExact
        wins = comparison.losses
        ties = comparison.ties
        losses = comparison.wins
    }

    /// The same comparison seen from the baseline.
    public var reversed: PairedComparison {
        PairedComparison(
            self,
            turned: BootstrapInterval(
                estimate: -difference.estimate, lower: -difference.upper, upper: -difference.lower,
                level: difference.level, queries: difference.queries))
    }

    /// The share of all 2^n signs. Half of them are enumerated, since turning all signs changes no distance from 0.
    private static func enumerated(_ differences: [Double]) -> Double {
        guard let first = differences.first else { return 1 }
        let bound = bound(of: differences)
        let rest = differences.dropFirst()
        var asFar = 0
        for signs in 0..<(1 << rest.count) {
            var total = first
            for (place, difference) in rest.enumerated() {
                total += (signs >> place) & 1 == 1 ? -difference : difference
            }
            if abs(total) >= bound { asFar += 1 }
        }
        return Double(asFar) / Double(1 << rest.count)
    }

    /// Sampled signs; the ones observed count as one sample, so that p is never 0 (Davison and Hinkley 1997, section 4.2).
    private static func sampled(_ differences: [Double], _ configuration: BootstrapConfiguration) -> Double {
        let bound = bound(of: differences)
        var generator = SplitMix64(seed: configuration.seed)
        var asFar = 0
        differences.withUnsafeBufferPointer { differences in
            for _ in 0..<configuration.resamples {
                var total = 0.0
                var start = 0
                while start < differences.count {
                    var signs = generator.next()
                    for place in start..<min(start + 64, differences.count) {
                        total += Double(1 - 2 * Int(signs & 1)) * differences[place]
                        signs >>= 1
                    }
                    start += 64
                }
                if abs(total) >= bound { asFar += 1 }
            }
        }
        return Double(asFar + 1) / Double(configuration.resamples + 1)
    }

    /// The sum that is as far as the one observed, less what adding in another order may round.
    private static func bound(of differences: [Double]) -> Double {
        let magnitude = differences.reduce(0) { $0 + abs($1) }
        return abs(differences.reduce(0, +)) - magnitude * 1e-12
    }
}
