/// CMC: for each rank r, the share of queries whose first positive comes at rank r or earlier.
///
/// `cmc(r) = (1/Q) Σ [firstHit(q) <= r]` over the Q queries that have positives, the convention of Market-1501 (Zheng et
/// al., ICCV 2015): several positives may exist, the first decides, and junk does not take up a rank.
public struct CumulativeMatchCurve: Hashable, Sendable, Codable {
    /// `values[r - 1]` is the share at rank r, in 0...1; it never falls.
    public let values: [Double]

    /// Queries behind the curve.
    public let queries: Int

    /// Accumulates queries up to `maximumRank`. Without a single scorable query all shares are 0.
    public init(_ lists: some Sequence<RelevanceList>, maximumRank: Int) {
        precondition(maximumRank >= 1, "a curve to rank \(maximumRank)")
        var firstHits = [Int](repeating: 0, count: maximumRank)
        var queries = 0
        for list in lists where list.hasPositives {
            queries += 1
            if let rank = list.firstHit, rank <= maximumRank { firstHits[rank - 1] += 1 }
        }
        var matched = 0
        values = firstHits.map { count in
            matched += count
            return queries == 0 ? 0 : Double(matched) / Double(queries)
        }
        self.queries = queries
    }

    /// The share at a rank, counted from 1. Traps outside the curve.
    public subscript(rank rank: Int) -> Double {
        precondition(rank >= 1 && rank <= values.count, "rank \(rank) of a curve to rank \(values.count)")
        return values[rank - 1]
    }
}
