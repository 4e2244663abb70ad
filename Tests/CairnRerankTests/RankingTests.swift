import Testing

@testable import CairnRerank

@Suite("Ranking")
struct RankingTests {
    @Test("sorting puts the best first and the lower row first among equals")
    func sorting() {
        let ranking = Ranking(sorting: [
            (row: 5, score: 1), (row: 2, score: 1), (row: 9, score: 3), (row: 0, score: -1),
        ])
        #expect(ranking == Ranking(rows: [9, 2, 5, 0], scores: [3, 1, 1, -1]))
    }

    @Test("what follows another ranking is what that one lacks, up to the limit")
    func following() {
        let head = Ranking(rows: [4, 1], scores: [9, 8])
        let tail = Ranking(rows: [1, 2, 4, 3], scores: [4, 3, 2, 1])
        #expect(head.followed(by: tail) == Ranking(rows: [4, 1, 2, 3], scores: [9, 8, 3, 1]))
        #expect(head.followed(by: tail, limit: 3) == Ranking(rows: [4, 1, 2], scores: [9, 8, 3]))
        #expect(head.followed(by: tail, limit: 1) == Ranking(rows: [4], scores: [9]))
        #expect(Ranking().followed(by: tail) == tail)
        #expect(head.followed(by: Ranking()) == head)
    }

    @Test("a prefix is never longer than the ranking")
    func prefix() {
        let ranking = Ranking(rows: [4, 1], scores: [9, 8])
        #expect(ranking.prefix(0).count == 0)
        #expect(ranking.prefix(1) == Ranking(rows: [4], scores: [9]))
        #expect(ranking.prefix(7) == ranking)
    }
}
