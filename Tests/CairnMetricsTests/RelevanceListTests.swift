import CairnMetrics
import Testing

@Suite struct RelevanceListTests {
    @Test("junk leaves the ranking before ranks are counted")
    func junk() {
        // Positive ranks 0, 2, 6, 10, 20 with junk at 1, 8, 9, 30 become 0, 1, 5, 7, 17: delf's dataset_test.py (Apache-2.0).
        let list = RelevanceList(ranking: 0..<31, positives: [0, 2, 6, 10, 20], junk: [1, 8, 9, 30])
        #expect(list.relevance.indices.filter { list.relevance[$0] } == [0, 1, 5, 7, 17])
        #expect(list.relevance.count == 27)
    }

    @Test("the query is junk of its own ranking although it belongs to its class")
    func ownRanking() {
        let list = RelevanceList(ranking: ["q", "a", "x", "b"], positives: ["q", "a", "b"], junk: ["q"])
        #expect(list.relevance == [true, false, true])
        #expect(list.positiveCount == 2)
    }

    @Test("an image that comes twice counts once and keeps its second rank occupied")
    func duplicates() {
        let list = RelevanceList(ranking: [7, 7, 8], positives: [7, 8])
        #expect(list.relevance == [true, false, true])
        let expected: Double = (1 + 2.0 / 3) / 2
        #expect(list.averagePrecision == expected)
    }

    @Test("precision and recall at k do not excuse a short ranking")
    func shortRanking() {
        let list = RelevanceList(ranking: [1], positives: [1, 2])
        #expect(list.precision(at: 10) == 0.1)
        #expect(list.recall(at: 10) == 0.5)
        #expect(list.accuracyAtOne == 1)
        #expect(list.firstHit == 1)
        #expect(RelevanceList(ranking: [3, 4], positives: [1]).firstHit == nil)
    }

    @Test("the match curve counts each query at its first hit only")
    func matchCurve() {
        // First hits at ranks 2, 1, never, 4; the last query has no positives.
        let lists = [
            RelevanceList(ranking: [9, 1, 2], positives: [1, 2]),
            RelevanceList(ranking: [1, 2, 9], positives: [1, 2]),
            RelevanceList(ranking: [9, 8], positives: [1]),
            RelevanceList(ranking: [9, 8, 7, 6, 1], positives: [1], junk: [8]),
            RelevanceList(ranking: [9, 8], positives: []),
        ]
        let curve = CumulativeMatchCurve(lists, maximumRank: 5)
        #expect(curve.values == [0.25, 0.5, 0.5, 0.75, 0.75])
        #expect(curve.queries == 4)
        #expect(curve[rank: 4] == 0.75)
        #expect(curve[rank: 1] == lists.accuracyAtOne)
        #expect(CumulativeMatchCurve([RelevanceList](), maximumRank: 2).values == [0, 0])
    }
}
