import CairnMetrics
import Testing

/// SplitMix64, for cases that are the same on every run.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Every metric straight from its definition: quadratic, over plain arrays, sharing nothing with the real ones.
private struct SlowTwin {
    let kept: [Int]
    let right: [Int]

    init(ranking: [Int], positives: [Int], junk: [Int]) {
        kept = ranking.filter { !junk.contains($0) }
        right = positives.filter { !junk.contains($0) }
    }

    func isHit(_ rank: Int) -> Bool {
        rank <= kept.count && right.contains(kept[rank - 1]) && !kept[..<(rank - 1)].contains(kept[rank - 1])
    }

    func precision(_ k: Int) -> Double { Double((1...k).filter(isHit).count) / Double(k) }

    func recall(_ k: Int) -> Double { right.isEmpty ? 0 : Double((1...k).filter(isHit).count) / Double(right.count) }

    func averagePrecision(_ k: Int, divisor: Int) -> Double {
        right.isEmpty || k == 0 ? 0 : (1...k).filter(isHit).map(precision).reduce(0, +) / Double(divisor)
    }

    /// The area under straight lines between (recall, precision) before and after each rank that holds a positive.
    var trapezoid: Double {
        guard !right.isEmpty, !kept.isEmpty else { return 0 }
        return (1...kept.count).filter(isHit).map { rank in
            let before = rank == 1 ? 1 : precision(rank - 1)
            return (before + precision(rank)) / 2 / Double(right.count)
        }.reduce(0, +)
    }

    var firstHit: Int? { kept.isEmpty ? nil : (1...kept.count).first(where: isHit) }
}

@Suite struct MetricFuzzTests {
    @Test("10,000 random rankings score the same as by the definitions written out")
    func definitions() {
        var generator = SeededGenerator(state: 2026)
        var lists: [RelevanceList] = []
        var twins: [SlowTwin] = []
        for index in 0..<10_000 {
            let universe = Int.random(in: 1...24, using: &generator)
            let ids = Array(0..<universe)
            var ranking = Array(ids.shuffled(using: &generator).prefix(Int.random(in: 0...universe, using: &generator)))
            if index.isMultiple(of: 5), let repeated = ranking.randomElement(using: &generator) {
                ranking.append(repeated)
            }
            let positives = ids.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
            let junk = ids.filter { _ in Int.random(in: 0..<8, using: &generator) == 0 }
            let list = RelevanceList(ranking: ranking, positives: Set(positives), junk: Set(junk))
            let twin = SlowTwin(ranking: ranking, positives: positives, junk: junk)
            let k = Int.random(in: 1...30, using: &generator)
            let pairs: [(Double, Double)] = [
                (list.precision(at: k), twin.precision(k)), (list.recall(at: k), twin.recall(k)),
                (list.averagePrecision, twin.averagePrecision(twin.kept.count, divisor: twin.right.count)),
                (list.averagePrecision(at: k), twin.averagePrecision(k, divisor: min(k, twin.right.count))),
                (list.trapezoidalAveragePrecision, twin.trapezoid),
                (list.accuracyAtOne, twin.isHit(1) ? 1 : 0),
            ]
            #expect(pairs.allSatisfy { abs($0 - $1) < 1e-12 && (0...1).contains($0) }, "case \(index): \(pairs)")
            #expect(list.firstHit == twin.firstHit, "case \(index)")
            #expect(list.positiveCount == twin.right.count, "case \(index)")
            lists.append(list)
            twins.append(twin)
        }
        let scored = twins.filter { !$0.right.isEmpty }
        #expect(scored.count < twins.count)
        let curve = CumulativeMatchCurve(lists, maximumRank: 10)
        for rank in 1...10 {
            let expected = Double(scored.count { ($0.firstHit ?? .max) <= rank }) / Double(scored.count)
            #expect(abs(curve[rank: rank] - expected) < 1e-12)
        }
        let mean = scored.map { $0.averagePrecision($0.kept.count, divisor: $0.right.count) }.reduce(0, +)
        #expect(abs(lists.meanAveragePrecision - mean / Double(scored.count)) < 1e-9)
    }
}
