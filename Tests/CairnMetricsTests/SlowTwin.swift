/// Every metric straight from its definition: loops over all ranks and flags, quadratic, sharing nothing with the real ones.
struct SlowTwin {
    /// For each rank whether it is right.
    var flags: [Bool] = []
    /// How many answers would be right.
    var positives = 0

    init(ranking: [Int], positives: [Int], junk: [Int]) {
        var seen: [Int] = []
        for id in ranking {
            if junk.contains(id) { continue }
            flags.append(positives.contains(id) && !seen.contains(id))
            seen.append(id)
        }
        for id in positives where !junk.contains(id) { self.positives += 1 }
    }

    func precision(_ k: Int) -> Double {
        var right = 0
        for rank in 1...k where rank <= flags.count && flags[rank - 1] { right += 1 }
        return Double(right) / Double(k)
    }

    func recall(_ k: Int) -> Double {
        positives == 0 ? 0 : precision(k) * Double(k) / Double(positives)
    }

    func averagePrecision(_ k: Int, divisor: Int) -> Double {
        if positives == 0 { return 0 }
        var sum = 0.0
        for rank in 1...max(k, 1) where rank <= flags.count && flags[rank - 1] { sum += precision(rank) }
        return sum / Double(divisor)
    }

    /// Oxford5k's way: at every rank the step in recall, times the mean of the precisions before and after.
    var oxfordAveragePrecision: Double {
        if positives == 0 { return 0 }
        var (oldRecall, oldPrecision, area) = (0.0, 1.0, 0.0)
        for rank in 0..<flags.count {
            let precision = precision(rank + 1)
            let recall = recall(rank + 1)
            area += (recall - oldRecall) * (oldPrecision + precision) / 2
            (oldRecall, oldPrecision) = (recall, precision)
        }
        return area
    }

    /// Precision at the k-th rank, or at the last right one where that comes before.
    func revisitedPrecision(_ k: Int) -> Double {
        var last = 0
        for rank in 0..<flags.count where flags[rank] { last = rank + 1 }
        return last == 0 ? 0 : precision(last < k ? last : k)
    }

    func hitOrMiss(_ k: Int) -> Double {
        for rank in 0..<k where rank < flags.count && flags[rank] { return 1 }
        return 0
    }

    var firstHit: Int? {
        for rank in 0..<flags.count where flags[rank] { return rank + 1 }
        return nil
    }

    /// What a protocol's figures are, one query's part, by the names that papers print.
    func figures(_ scoring: String) -> [(String, Double)] {
        switch scoring {
        case "revisited":
            [("mAP", oxfordAveragePrecision)] + [1, 5, 10].map { ("mP@\($0)", revisitedPrecision($0)) }
        case "oxford", "holidays": [("mAP", oxfordAveragePrecision)]
        case "googleLandmarks": [("mAP@100", averagePrecision(100, divisor: min(positives, 100)))]
        case "digix":
            [("Acc@1", precision(1)), ("mAP@10", averagePrecision(10, divisor: min(positives, 10)))]
        case "ukbench": [("N-S", 4 * precision(4))]
        case "market": [1, 5, 10, 20].map { ("CMC@\($0)", hitOrMiss($0)) } + [("mAP", oxfordAveragePrecision)]
        default:
            [
                ("mAP", averagePrecision(flags.count, divisor: positives)),
                ("mAP@10", averagePrecision(10, divisor: min(positives, 10))),
                ("mAP@100", averagePrecision(100, divisor: min(positives, 100))),
                ("P@1", precision(1)), ("recall@10", recall(10)),
            ]
        }
    }
}
