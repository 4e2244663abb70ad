import CairnMetrics
import Testing

@Suite struct CurveTests {
    /// Rankings of up to 40 ranks with up to 9 positives, not all of them retrieved; some queries have none.
    private let lists: [RelevanceList] = {
        var state: UInt64 = 99
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        return (0..<60).map { _ in
            let flags = (0..<random(40)).map { _ in random(5) == 0 }
            return RelevanceList(relevance: flags, positiveCount: flags.count { $0 } + random(3))
        }
    }()

    @Test("Precision at each recall is the highest at that recall or beyond, averaged, as written down plainly")
    func precisionRecall() {
        let curve = PrecisionRecallCurve(lists)
        let scored = lists.filter(\.hasPositives)
        #expect(curve.queries == scored.count)
        #expect(curve.queries < lists.count)
        for step in 0...100 {
            var sum = 0.0
            for list in scored {
                var found = 0
                var best = 0.0
                for (place, isHit) in list.relevance.enumerated() where isHit {
                    found += 1
                    // found / positives >= step / 100, without rounding.
                    if found * 100 >= step * list.positiveCount { best = max(best, Double(found) / Double(place + 1)) }
                }
                sum += best
            }
            #expect(abs(curve.values[step] - sum / Double(scored.count)) < 1e-12, "at \(step)")
        }
        #expect(curve.interpolatedAveragePrecision > scored.meanAveragePrecision)
    }

    @Test("By hand: hits at ranks 1 and 4 of three positives")
    func workedCurve() {
        let list = RelevanceList(relevance: [true, false, false, true], positiveCount: 3)
        let curve = PrecisionRecallCurve([list])
        #expect(curve.values[0] == 1 && curve.values[33] == 1)
        #expect(curve.values[34] == 0.5 && curve.values[66] == 0.5)
        #expect(curve.values[67] == 0 && curve.values[100] == 0)
        #expect(list.precisionRecallPoints.map(\.precision) == [1, 0.5])
        #expect(list.precisionRecallPoints.map(\.recall) == [1.0 / 3, 2.0 / 3])
    }

    @Test("Curves of nothing are 0, and those of one perfect query 1")
    func edges() {
        let nothing = [RelevanceList(relevance: [], positiveCount: 0)]
        #expect(PrecisionRecallCurve(nothing).values == [Double](repeating: 0, count: 101))
        #expect(RecallCurve(nothing, maximumRank: 3).values == [0, 0, 0])
        let perfect = [RelevanceList(relevance: [true], positiveCount: 1)]
        #expect(PrecisionRecallCurve(perfect).values == [Double](repeating: 1, count: 101))
        #expect(RecallCurve(perfect, maximumRank: 3).values == [1, 1, 1])
        #expect(RelevanceList(relevance: [], positiveCount: 0).precisionRecallPoints.isEmpty)
    }

    @Test("The recall curve holds the mean recall at every k")
    func recall() {
        let curve = RecallCurve(lists, maximumRank: 50)
        for k in 1...50 { #expect(abs(curve[k: k] - lists.meanRecall(at: k)) < 1e-12) }
        #expect(curve.queries == lists.count(where: \.hasPositives))
    }
}
