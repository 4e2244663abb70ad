import CairnMetrics

extension AblationReport {
    /// A variant beside the baseline.
    public struct Comparison: Hashable, Sendable, Codable {
        /// The paired comparison.
        public var paired: PairedComparison
        /// Its p-value after Holm's correction for all variants compared with this baseline.
        public var adjustedPValue: Double

        /// Whether the correction leaves less than the level's chance of error: 0.05 for intervals of 95 %.
        public var isSignificant: Bool { adjustedPValue < 1 - paired.difference.level }
    }

    /// What the pages state beyond what was measured.
    public struct Statistics: Hashable, Sendable {
        /// The headline of each variant: its interval, or, of fewer than two scored queries, the mean as an interval without
        /// width; `nil` where no query is scored.
        public var headlines: [BootstrapInterval?]
        /// `comparisons[b][v]` is variant v beside baseline b; `nil` where v is b, or fewer than two queries are scored in both.
        /// Rows of other baselines than the report's are empty where there are too many queries to compare all.
        public var comparisons: [[Comparison?]]
    }

    /// All pairs of variants are compared up to this many queries times resamples; more take too long to wait for a page.
    static let pairedWork = 50_000_000

    /// Computes intervals and comparisons. O(variants² x queries x resamples), or O(variants x …) with very many queries.
    public func statistics() -> Statistics {
        var paired = [[PairedComparison?]](
            repeating: [PairedComparison?](repeating: nil, count: variants.count), count: variants.count)
        let comparesAll = queries.count * bootstrap.resamples <= Self.pairedWork
        for first in variants.indices where comparesAll || first == baseline {
            for second in variants.indices where second != first && paired[first][second] == nil {
                guard
                    let comparison = PairedComparison(
                        variants[second].perQuery, baseline: variants[first].perQuery, configuration: bootstrap)
                else { continue }
                paired[first][second] = comparison
                if comparesAll { paired[second][first] = comparison.reversed }
            }
        }
        return Statistics(headlines: variants.map(headline), comparisons: paired.map(Self.corrected))
    }

    private func headline(of variant: Variant) -> BootstrapInterval? {
        if let given = variant.headline { return given }
        let scored = variant.perQuery.compactMap { $0 }
        if let interval = BootstrapInterval(meanOf: scored, configuration: bootstrap) { return interval }
        return scored.first.map {
            BootstrapInterval(estimate: $0, lower: $0, upper: $0, level: bootstrap.level, queries: 1)
        }
    }

    private static func corrected(_ row: [PairedComparison?]) -> [Comparison?] {
        let adjusted = HolmCorrection.adjusted(row.compactMap { $0?.pValue })
        var next = adjusted.makeIterator()
        return row.map { paired in
            guard let paired, let pValue = next.next() else { return nil }
            return Comparison(paired: paired, adjustedPValue: pValue)
        }
    }
}
