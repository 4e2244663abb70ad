/// Average precision in its three usual forms. They differ in the third digit, so a figure must say which it is. Each is
/// O(hits), in 0...1, and 0 for a query without positives.
extension RelevanceList {
    /// Average precision, step form: `(1/R) Σ P(i)·rel(i)` over all ranks i, with R positives in all.
    ///
    /// Positives that were not retrieved add 0. Source: Manning et al., section 8.4; equal to scikit-learn's
    /// `average_precision_score` when all positives are in the ranking and no scores tie.
    public var averagePrecision: Double {
        hasPositives ? summedPrecision(ofFirst: hitRanks.count) / Double(positiveCount) : 0
    }

    /// Truncated average precision: `(1/min(R, k)) Σ P(i)·rel(i)` over the first k ranks. Traps unless k is at least 1.
    ///
    /// Dividing by `min(R, k)`, not by R, lets a perfect top k score 1 when there are more than k positives. This is the
    /// mAP@100 of Google Landmarks v2 (Weyand et al., CVPR 2020, equation 2) and the mAP@10 of DIGIX 2020.
    public func averagePrecision(at k: Int) -> Double {
        precondition(k >= 1, "average precision at \(k)")
        return hasPositives ? summedPrecision(ofFirst: hits(at: k)) / Double(min(positiveCount, k)) : 0
    }

    /// Average precision, trapezoidal form: the area under the precision-recall curve with linear interpolation.
    ///
    /// For the j-th positive (from 0) at rank i (from 0), the trapezoid's sides are `j/i` (1 at rank 0) and `(j+1)/(i+1)`,
    /// its width `1/R`: between hits recall stands still, so that ranks without one add nothing, and programs that sum
    /// `(recall - old_recall) * (old_precision + precision) / 2` over all ranks compute the same. Used by Oxford5k and
    /// Paris6k, their revisited versions, Holidays and Market-1501's original script (Philbin et al., CVPR 2007; Radenović
    /// et al., CVPR 2018). Where a miss comes before a hit it is below the step form, else equal to it.
    public var trapezoidalAveragePrecision: Double {
        guard hasPositives else { return 0 }
        var area = 0.0
        for (found, rank) in hitRanks.enumerated() {
            let before = rank == 1 ? 1 : Double(found) / Double(rank - 1)
            area += (before + Double(found + 1) / Double(rank)) / 2
        }
        return area / Double(positiveCount)
    }

    /// `Σ P(i)·rel(i)` over the first `count` hits.
    private func summedPrecision(ofFirst count: Int) -> Double {
        var sum = 0.0
        for (found, rank) in hitRanks.prefix(count).enumerated() { sum += Double(found + 1) / Double(rank) }
        return sum
    }
}
