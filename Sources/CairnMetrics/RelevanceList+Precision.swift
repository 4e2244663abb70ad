/// Figures of one query. All are in 0...1, take O(n), and are 0 for a query without positives: leave those out of means.
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
        guard let last = relevance.lastIndex(of: true) else { return 0 }
        return precision(at: min(k, last + 1))
    }

    /// Recall at k: hits in the first k ranks, divided by the number of positives.
    ///
    /// It cannot reach 1 where k is smaller than the number of positives. Source: Manning et al., section 8.3.
    public func recall(at k: Int) -> Double {
        precondition(k >= 1, "recall at \(k)")
        return hasPositives ? Double(hits(at: k)) / Double(positiveCount) : 0
    }

    /// Accuracy at 1: whether the first rank holds a positive, as 0 or 1. The same as `precision(at: 1)`.
    public var accuracyAtOne: Double { relevance.first == true ? 1 : 0 }
}
