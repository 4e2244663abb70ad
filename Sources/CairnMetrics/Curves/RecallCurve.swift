/// recall@k for every k: the mean share of a query's positives that its first k ranks hold.
public struct RecallCurve: Hashable, Sendable, Codable {
    /// `values[k - 1]` is the mean recall at k, in 0...1; it never falls. All are 0 without a scorable query.
    public let values: [Double]

    /// Queries behind the curve.
    public let queries: Int

    /// Averages queries up to `maximumRank`; those without positives are left out. O(hits + maximumRank).
    public init(_ lists: some Sequence<RelevanceList>, maximumRank: Int) {
        precondition(maximumRank >= 1, "a curve to rank \(maximumRank)")
        var gains = [Double](repeating: 0, count: maximumRank)
        var queries = 0
        for list in lists where list.hasPositives {
            queries += 1
            for rank in list.hitRanks.prefix(while: { $0 <= maximumRank }) {
                gains[rank - 1] += 1 / Double(list.positiveCount)
            }
        }
        var recall = 0.0
        values = gains.map { gain in
            recall += gain
            // Thirds and sevenths may round past 1 together.
            return queries == 0 ? 0 : min(1, recall / Double(queries))
        }
        self.queries = queries
    }

    /// The recall at k, counted from 1. Traps outside the curve.
    public subscript(k k: Int) -> Double {
        precondition(k >= 1 && k <= values.count, "recall@\(k) of a curve to \(values.count)")
        return values[k - 1]
    }
}
