/// Average precision in its three usual forms. They differ in the third digit, so a figure must say which it is.
extension RelevanceList {
    /// Average precision, step form: `(1/R) Σ P(i)·rel(i)` over all ranks i, with R positives in all.
    ///
    /// Positives that were not retrieved add 0. Source: Manning et al., section 8.4; equal to scikit-learn's
    /// `average_precision_score` when all positives are in the ranking and no scores tie.
    public var averagePrecision: Double {
        hasPositives ? summedPrecision(to: relevance.count) / Double(positiveCount) : 0
    }

    /// Truncated average precision: `(1/min(R, k)) Σ P(i)·rel(i)` over the first k ranks.
    ///
    /// Dividing by `min(R, k)`, not by R, lets a perfect top k score 1 when there are more than k positives. This is
    /// the mAP@100 of Google Landmarks v2 (Weyand et al., CVPR 2020, equation 2) and the mAP@10 of DIGIX 2020.
    public func averagePrecision(at k: Int) -> Double {
        precondition(k >= 1, "average precision at \(k)")
        return hasPositives ? summedPrecision(to: k) / Double(min(positiveCount, k)) : 0
    }

    /// Average precision, trapezoidal form: the area under the precision-recall curve with linear interpolation.
    ///
    /// For the j-th positive (from 0) at rank i (from 0), the trapezoid's sides are `j/i` (1 at rank 0) and
    /// `(j+1)/(i+1)`, its width `1/R`. Used by Oxford5k, Paris6k and their revisited versions (Philbin et al., CVPR
    /// 2007; Radenović et al., CVPR 2018); never above the step form.
    public var trapezoidalAveragePrecision: Double {
        guard hasPositives else { return 0 }
        var found = 0
        var area = 0.0
        for (rank, isHit) in relevance.enumerated() where isHit {
            let before = rank == 0 ? 1 : Double(found) / Double(rank)
            found += 1
            area += (before + Double(found) / Double(rank + 1)) / 2
        }
        return area / Double(positiveCount)
    }

    /// `Σ P(i)·rel(i)` over the first `limit` ranks.
    private func summedPrecision(to limit: Int) -> Double {
        var found = 0
        var sum = 0.0
        for (rank, isHit) in relevance.prefix(limit).enumerated() where isHit {
            found += 1
            sum += Double(found) / Double(rank + 1)
        }
        return sum
    }
}
