/// At which rank the first right image comes, over queries: mean and median.
///
/// A query without a hit among the first k ranks counts as k + 1; a query without positives is left out. The median of an
/// even number of queries is the mean of the two in the middle. Source: `MeanMedianPosition` of `metrics.py` in DELF.
public struct FirstHitPosition: Hashable, Sendable {
    /// The mean rank, in `1...k + 1`; 0 without queries.
    public let mean: Double
    /// The median rank, in `1...k + 1`; 0 without queries.
    public let median: Double

    /// Looks at the first k ranks. Traps unless k is at least 1. O(n log n).
    public init(_ lists: some Sequence<RelevanceList>, through k: Int) {
        precondition(k >= 1, "positions among the first \(k) ranks")
        let positions = lists.filter(\.hasPositives).map { min($0.firstHit ?? .max, k + 1) }.sorted()
        guard !positions.isEmpty else {
            mean = 0
            median = 0
            return
        }
        mean = Double(positions.reduce(0, +)) / Double(positions.count)
        let upper = positions[positions.count / 2]
        let lower = positions[(positions.count - 1) / 2]
        median = Double(lower + upper) / 2
    }
}
