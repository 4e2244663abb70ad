/// Means over queries. Those without positives are left out; the mean over none is 0.
extension Sequence<RelevanceList> {
    /// mAP: the mean of `averagePrecision`.
    public var meanAveragePrecision: Double { mean { $0.averagePrecision } }

    /// mAP@k: the mean of `averagePrecision(at:)`, each query divided by `min(positives, k)`.
    public func meanAveragePrecision(at k: Int) -> Double { mean { $0.averagePrecision(at: k) } }

    /// mAP by trapezoids: the mean of `trapezoidalAveragePrecision`.
    public var meanTrapezoidalAveragePrecision: Double { mean { $0.trapezoidalAveragePrecision } }

    /// mP@k: the mean of `precision(at:)`.
    public func meanPrecision(at k: Int) -> Double { mean { $0.precision(at: k) } }

    /// The mean of `precision(at:)` at each rank from 1 to k, in one pass over the hits. Traps on a negative k.
    public func meanPrecisions(through k: Int) -> [Double] {
        precondition(k >= 0, "precisions through rank \(k)")
        var hitsByRank = [Int](repeating: 0, count: k)
        var queries = 0
        for list in self where list.hasPositives {
            queries += 1
            for rank in list.hitRanks.prefix(while: { $0 <= k }) { hitsByRank[rank - 1] += 1 }
        }
        var hits = 0
        return hitsByRank.enumerated().map { offset, count in
            hits += count
            return queries == 0 ? 0 : Double(hits) / Double(offset + 1) / Double(queries)
        }
    }

    /// mP@k of Revisited Oxford and Paris: the mean of `revisitedPrecision(at:)`.
    public func meanRevisitedPrecision(at k: Int) -> Double { mean { $0.revisitedPrecision(at: k) } }

    /// recall@k: the mean of `recall(at:)`, the share of positives found.
    public func meanRecall(at k: Int) -> Double { mean { $0.recall(at: k) } }

    /// recall@k of the hit-or-miss kind: the share of queries with a right answer in the first k ranks; the CMC at rank k.
    public func hitRate(at k: Int) -> Double { mean { $0.hitOrMiss(at: k) } }

    /// Acc@1: the share of queries whose first rank is right.
    public var accuracyAtOne: Double { mean { $0.accuracyAtOne } }

    /// The N-S score of UKBench, in 0...4.
    public var meanNisterSteweniusScore: Double { mean { $0.nisterSteweniusScore } }

    /// The mean of any figure over the queries that have positives.
    public func mean(_ figure: (RelevanceList) -> Double) -> Double {
        var sum = 0.0
        var count = 0
        for list in self where list.hasPositives {
            sum += figure(list)
            count += 1
        }
        return count == 0 ? 0 : sum / Double(count)
    }
}
