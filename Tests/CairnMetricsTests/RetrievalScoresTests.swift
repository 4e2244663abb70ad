import CairnMetrics
import Foundation
import Testing

@Suite struct RetrievalScoresTests {
    /// AP 1, 0.5 and 0.25; and a query that nothing could be found for.
    private var scores: RetrievalScores {
        RetrievalScores([
            (list: RelevanceList(relevance: [true, true], positiveCount: 2), kind: "building"),
            (list: RelevanceList(relevance: [false, true], positiveCount: 1), kind: "product"),
            (list: RelevanceList(relevance: [false, true], positiveCount: 2), kind: "product"),
            (list: RelevanceList(relevance: [false], positiveCount: 0), kind: "product"),
            (list: RelevanceList(relevance: [true], positiveCount: 1), kind: nil),
        ])
    }

    @Test("figures by kind are means over that kind's queries with positives")
    func byKind() throws {
        let product = try #require(scores.byKind["product"])
        #expect(product.meanAveragePrecision == 0.375)
        #expect(product.precisionAt1 == 0)
        #expect(product.recallAt10 == 0.75)
        #expect(product.queries == 2)
        #expect(product.queriesWithoutPositives == 1)
        #expect(scores.byKind["building"]?.meanAveragePrecision == 1)
        #expect(scores.byKind.count == 2)
        #expect(scores.overall.meanAveragePrecision == 0.6875)
        #expect(scores.overall.queries == 4)
    }

    @Test("encoded figures are flat, carry the metrics' names and read back the same")
    func coding() throws {
        let data = try JSONEncoder().encode(scores)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "mAP", "mAP@10", "mAP@100", "P@1", "recall@10", "queries", "queries_without_positives", "by_kind",
            ])
        let kinds = try #require(object["by_kind"] as? [String: [String: Any]])
        let building = try #require(kinds["building"])
        #expect(Set(building.keys) == ["mAP", "mAP@10", "mAP@100", "P@1", "recall@10", "queries"])
        #expect(try JSONDecoder().decode(RetrievalScores.self, from: data) == scores)
    }

    @Test("no queries at all score 0, not a number that JSON cannot hold")
    func empty() throws {
        let empty = RetrievalScores([])
        #expect(empty.overall.meanAveragePrecision == 0)
        #expect(empty.overall.queriesWithoutPositives == nil)
        #expect(throws: Never.self) { try JSONEncoder().encode(empty) }
    }
}
