import CairnCore
import CairnDatasets
import CairnEvaluation
import Foundation
import Testing

@Suite struct RetrievalEvaluationTests {
    /// Two kinds: "tower" with three images, "gate" with two, and a distractor. Rankings are made up.
    private let queries = [
        RetrievalEvaluation.Query(path: "t1", kind: "building", positives: ["t1", "t2", "t3"], junk: ["t1"]),
        RetrievalEvaluation.Query(path: "t2", kind: "building", positives: ["t1", "t2", "t3"], junk: ["t2"]),
        RetrievalEvaluation.Query(path: "g1", kind: "scene", positives: ["g1", "g2"], junk: ["g1"]),
        RetrievalEvaluation.Query(path: "alone", kind: "scene", positives: ["alone"], junk: ["alone"]),
    ]
    private let rankings = [
        "t1": ["t1", "t2", "x", "t3"], "t2": ["x", "t1", "t2"], "g1": ["x", "t1", "t2", "g2"], "alone": ["x"],
    ]

    private func run() async throws -> RetrievalEvaluation.Result {
        var calls = 0
        return try await RetrievalEvaluation(queries: queries).run { query in
            calls += 1
            return RankedAnswer(
                paths: rankings[query.path] ?? [], extraction: .milliseconds(10 * calls),
                search: .milliseconds(calls * calls)
            )
        }
    }

    @Test("figures overall and by kind equal those worked out by hand")
    func byHand() async throws {
        let report = try await run().report
        // t1: hits at 1 and 3 of 2; t2: t1 at 2, t3 never; g1: hit at 4; "alone" has no positive.
        let t1: Double = (1 + 2.0 / 3) / 2
        let (t2, g1) = (0.25, 0.25)
        let recall: Double = (1 + 0.5 + 1) / 3
        #expect(abs(report.scores.overall.meanAveragePrecision - (t1 + t2 + g1) / 3) < 1e-12)
        #expect(report.scores.overall.precisionAt1 == 1.0 / 3)
        #expect(abs(report.scores.overall.recallAt10 - recall) < 1e-12)
        #expect(report.scores.overall.queries == 3)
        #expect(report.scores.overall.queriesWithoutPositives == 1)
        let building = try #require(report.scores.byKind["building"])
        #expect(abs(building.meanAveragePrecision - (t1 + t2) / 2) < 1e-12)
        #expect(building.precisionAt1 == 0.5)
        #expect(building.queries == 2)
        #expect(report.scores.byKind["scene"]?.meanAveragePrecision == 0.25)
        #expect(report.timings.extraction.median == 25)
        #expect(report.timings.extraction.total == 100)
        #expect(report.timings.search.median == 6.5)
        #expect(report.timings.search.total == 30)
    }

    @Test("the report's JSON has exactly the documented keys and reads back the same")
    func json() async throws {
        let fair = try RetrievalEvaluation(queries: Array(queries.prefix(3)))
        let report = try await fair.run { _ in RankedAnswer(paths: [], extraction: .zero, search: .zero) }.report
        let text = try report.json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let figures: Set = ["mAP", "mAP@10", "mAP@100", "P@1", "recall@10", "queries"]
        #expect(Set(object.keys) == figures.union(["by_kind", "timings_ms"]))
        let kinds = try #require(object["by_kind"] as? [String: [String: Any]])
        #expect(Set(kinds.keys) == ["building", "scene"])
        for kind in kinds.values { #expect(Set(kind.keys) == figures) }
        let times = try #require(object["timings_ms"] as? [String: [String: Any]])
        #expect(Set(times.keys) == ["extraction", "search"])
        for time in times.values { #expect(Set(time.keys) == ["median", "total"]) }
        #expect(try JSONDecoder().decode(EvaluationReport.self, from: Data(text.utf8)) == report)
    }

    @Test("the table has a row for every kind and says what was left out")
    func table() async throws {
        let report = try await run().report
        let lines = report.table.split(separator: "\n").map(String.init)
        #expect(lines[0].split(separator: " ") == ["mAP", "mAP@10", "mAP@100", "P@1", "recall@10", "queries"])
        #expect(lines[1].split(separator: " ") == ["all", "0.444", "0.444", "0.444", "0.333", "0.833", "3"])
        #expect(lines[2].hasPrefix("building") && lines[3].hasPrefix("scene"))
        #expect(Set(lines[0...3].map(\.count)).count == 1)
        #expect(report.table.contains("1 query has no positive"))
    }

    @Test("a folder of classes is ranked by its own ground truth, the query left out")
    func folders() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        for name in ["tower/a.jpg", "tower/b.jpg", "gate/c.jpg", "_distractor/d.jpg"] {
            let file = root.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: file)
        }
        let dataset = try FolderDataset(root: root)
        let everything = dataset.images.map(\.path)
        let result = try await RetrievalEvaluation(dataset).run { _ in
            RankedAnswer(paths: everything, extraction: .zero, search: .zero)
        }
        // The order is _distractor/d, gate/c, tower/a, tower/b: without the query, the positive is third.
        #expect(result.outcomes.map(\.relevance.relevance) == [[false, false, true], [false, false, true]])
        #expect(abs(result.report.scores.overall.meanAveragePrecision - 1.0 / 3) < 1e-12)
    }

    @Test("a failing search names its query and keeps the cause's kind; nothing to evaluate is an error")
    func failures() async throws {
        let evaluation = try RetrievalEvaluation(queries: queries)
        let error = await #expect(throws: EvaluationError.self) {
            _ = try await evaluation.run { _ in throw EvaluationError(.corrupted, "broken") }
        }
        #expect(error?.kind == .corrupted)
        #expect(error?.message.contains("t1") == true)
        #expect(throws: EvaluationError.self) { try RetrievalEvaluation(queries: []) }
    }
}
