/// Means over queries. Those without positives are left out; the mean over none is 0.
extension Sequence<RelevanceList> {
    /// mAP: the mean of `averagePrecision`.
    public var meanAveragePrecision: Double { mean { $0.averagePrecision } }

    /// mAP@k: the mean of `averagePrecision(at:)`, each query divided by `min(positives, k)`.
    public func meanAveragePrecision(at k: Int) -> Double { mean { $0.averagePrecision(at: k) } }

    /// mP@k: the mean of `precision(at:)`.
    public func meanPrecision(at k: Int) -> Double { mean { $0.precision(at: k) } }

    /// recall@k: the mean of `recall(at:)`.
    public func meanRecall(at k: Int) -> Double { mean { $0.recall(at: k) } }

    /// Acc@1: the share of queries whose first rank is right.
    public var accuracyAtOne: Double { mean { $0.accuracyAtOne } }

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
