/// Figures of one query. All are in 0...1, take O(log hits), and are 0 for a query without positives: leave those out of
/// means.
extension RelevanceList {
    /// Precision at k: hits in the first k ranks, divided by k.
    ///
    /// A ranking shorter than k is not excused: `P@10` of a single right answer is 0.1. Traps unless k is at least 1.
    /// Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval, section 8.4.
    public func precision(at k: Int) -> Double {
        precondition(k >= 1, "precision at \(k)")
        return Double(hits(at: k)) / Double(k)
    }

    /// Precision at k as Revisited Oxford and Paris define it: k is cut to the rank of the last positive retrieved.
    ///
    /// `hits(k') / k'` with `k' = min(k, last hit)`; 0 when nothing was retrieved. It equals `precision(at:)` wherever a
    /// positive comes at rank k or later. Source: Radenović et al., Revisiting Oxford and Paris, CVPR 2018, whose
    /// evaluation code states it.
    public func revisitedPrecision(at k: Int) -> Double {
        precondition(k >= 1, "precision at \(k)")
        guard let last = hitRanks.last else { return 0 }
        return precision(at: min(k, last))
    }

    /// Recall at k: hits in the first k ranks, divided by the number of positives.
    ///
    /// It cannot reach 1 where k is smaller than the number of positives. Source: Manning et al., section 8.3.
    public func recall(at k: Int) -> Double {
        precondition(k >= 1, "recall at \(k)")
        return hasPositives ? Double(hits(at: k)) / Double(positiveCount) : 0
    }

    /// Whether the first k ranks hold a right answer at all, as 0 or 1. Its mean over queries is what place recognition and
    /// product retrieval call recall@k, and person re-identification calls the CMC at rank k.
    public func hitOrMiss(at k: Int) -> Double {
        precondition(k >= 1, "hit or miss at \(k)")
        return (firstHit ?? .max) <= k ? 1 : 0
    }

    /// Accuracy at 1: whether the first rank holds a positive, as 0 or 1. The same as `precision(at: 1)`.
    public var accuracyAtOne: Double { firstHit == 1 ? 1 : 0 }

    /// The N-S score of Nistér and Stewénius: how many of the first four ranks are right, in 0...4.
    ///
    /// UKBench has four images of each object, and the query, one of them, is looked for like the others: a perfect ranking
    /// scores 4, and one that finds nothing but the query 1. Source: Nistér and Stewénius, CVPR 2006.
    public var nisterSteweniusScore: Double { Double(hits(at: 4)) }
}
