import CairnMetrics
import Testing

@Suite struct RelevanceListTests {
    @Test("hits are stored by rank, and flags come back from them")
    func storage() {
        let list = RelevanceList(relevance: [false, true, true, false], positiveCount: 5)
        #expect(list.hitRanks == [2, 3])
        #expect(list.length == 4)
        #expect(list.relevance == [false, true, true, false])
        #expect(list == RelevanceList(hitRanks: [2, 3], positiveCount: 5, length: 4))
        #expect([0, 1, 2, 3, 4, 99].map(list.hits(at:)) == [0, 0, 1, 2, 2, 2])
        #expect(RelevanceList(relevance: [], positiveCount: 0).relevance.isEmpty)
    }

    @Test("a million rows with three positives are judged by rows as by sets, and stored as three numbers")
    func long() {
        // 7 and the modulus have no common divisor: every row once.
        let ranking = (0..<1_000_003).lazy.map { Int32($0 * 7 % 1_000_003) }
        let list = RelevanceList(
            ranking: ranking, judgment: QueryJudgment(positives: [7, 0, 1_000_002], junk: [14, 21]))
        #expect(list.hitRanks == [1, 2, RelevanceListTests.rank(of: 1_000_002, junk: [14, 21])])
        #expect(list.length == 1_000_001)
    }

    /// The rank of a row in the ranking above, counted from 1.
    private static func rank(of row: Int, junk: [Int]) -> Int {
        let before = (0..<1_000_003).prefix { $0 * 7 % 1_000_003 != row }
        return before.count - before.count { junk.contains($0 * 7 % 1_000_003) } + 1
    }

    @Test("junk that is positive is junk, rows may be judged twice, and -1 where a search found nothing is wrong")
    func rows() {
        let judgment = QueryJudgment(positives: [3, 4, 4, 5, 3], junk: [5, 6, 6])
        let list = RelevanceList(ranking: [5, 4, 6, -1, 4, 9, 3, -1] as [Int32], judgment: judgment)
        #expect(list.relevance == [true, false, false, false, true, false])
        #expect(list.positiveCount == 2)
        let none = RelevanceList(ranking: [Int32](), judgment: judgment)
        #expect(none == RelevanceList(hitRanks: [], positiveCount: 2, length: 0))
        let unjudged = RelevanceList(ranking: [1, 2], judgment: QueryJudgment(positives: []))
        #expect(unjudged == RelevanceList(hitRanks: [], positiveCount: 0, length: 2))
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
        #expect(list.hitOrMiss(at: 10) == 1)
        #expect(RelevanceList(ranking: [3, 4], positives: [1]).firstHit == nil)
        #expect(RelevanceList(ranking: [3, 4], positives: [1]).hitOrMiss(at: 10) == 0)
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
