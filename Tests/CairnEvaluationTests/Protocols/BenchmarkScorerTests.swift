import CairnDatasets
import CairnEvaluation
import CairnMetrics
import Foundation
import Testing

@Suite struct BenchmarkScorerTests {
    /// A benchmark of made-up judgments in which rows may be junk and positive at once.
    static func benchmark(
        _ scoring: RetrievalProtocol, queries: Int, gallery: Int, using generator: inout SystemRandomNumberGenerator
    ) -> RetrievalBenchmark {
        func judgment() -> QueryJudgment? {
            guard Int.random(in: 0..<8, using: &generator) > 0 else { return nil }
            let rows = (0..<Int32(gallery)).shuffled(using: &generator)
            let positives = Int.random(in: 0...min(6, gallery), using: &generator)
            let junk = Int.random(in: 0...min(4, gallery), using: &generator)
            return QueryJudgment(
                positives: Array(rows.prefix(positives)),
                junk: Array(rows.dropFirst(max(0, positives - 1)).prefix(junk)))
        }
        return RetrievalBenchmark(
            name: "made up", scoring: scoring, gallery: (0..<gallery).map { .init(id: "g\($0)") },
            queries: (0..<queries).map { .init(image: .init(id: "q\($0)"), kind: $0.isMultiple(of: 2) ? "even" : nil) },
            settings: ["first", "second"].map { name in
                .init(name: name, judgments: (0..<queries).map { _ in judgment() })
            })
    }

    @Test(
        "positions of right answers and junk give the figures that whole rankings give",
        arguments: RetrievalProtocol.allCases)
    func positions(scoring: RetrievalProtocol) {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let benchmark = Self.benchmark(scoring, queries: 4, gallery: 12, using: &generator)
            var (byRanking, byPosition) = (BenchmarkScorer(benchmark), BenchmarkScorer(benchmark))
            for query in 0..<4 {
                let ranking = (0..<Int32(12)).shuffled(using: &generator)
                byRanking.add(ranking, ofQuery: query)
                let positions = byPosition.targets(ofQuery: query).map { row in
                    (ranking.firstIndex(of: row) ?? -1) + 1
                }
                byPosition.add(positions: positions, ofQuery: query)
            }
            for (one, other) in zip(byRanking.report.settings, byPosition.report.settings) {
                #expect(one.figures == other.figures)
                #expect(one.byKind == other.byKind)
                #expect(one.queries == other.queries)
            }
        }
    }

    @Test("a query whose ranking never came counts as answered with nothing")
    func unanswered() {
        let benchmark = RetrievalBenchmark(
            name: "two", scoring: .googleLandmarks, gallery: [.init(id: "a"), .init(id: "b")],
            queries: [.init(image: .init(id: "x")), .init(image: .init(id: "y"))],
            settings: [.init(judgments: [.init(positives: [0]), .init(positives: [1])])])
        var scorer = BenchmarkScorer(benchmark)
        scorer.add([0, 1], ofQuery: 0)
        #expect(scorer.report.settings[0].figures == [MetricFigure(name: "mAP@100", value: 0.5)])
        #expect(scorer.report.settings[0].queries == 2)
    }

    @Test("settings with names become objects of that name in JSON, one without stands at the top")
    func json() throws {
        let named = ProtocolReport(
            benchmark: "b",
            settings: [
                .init(
                    name: "easy", figures: [.init(name: "mAP", value: 0.5)],
                    byKind: ["tower": [.init(name: "mAP", value: 1)]], queries: 1, withoutPositives: 0)
            ])
        #expect(try Self.json(named) == #"{"easy":{"by_kind":{"tower":{"mAP":1}},"mAP":0.5}}"#)
        let plain = ProtocolReport(
            benchmark: "b",
            settings: [
                .init(name: nil, figures: [.init(name: "mAP@100", value: 0.25)], queries: 1, withoutPositives: 0)
            ])
        #expect(try Self.json(plain) == #"{"mAP@100":0.25}"#)
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
