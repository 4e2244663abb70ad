import CairnCore
import CairnEvaluation
import Foundation
import Testing

@Suite struct EvaluationSheetTests {
    private let good = "/p/tower/good.jpg"
    private let bad = "/p/tower/" + SheetFixture.hostileName

    /// One perfect query, one with a late hit and one never found, one that cannot be scored.
    private func sheet(depth: Int = 2) async throws -> EvaluationSheet {
        let queries = [
            RetrievalEvaluation.Query(path: good, kind: "building", positives: ["/p/tower/a.jpg"], junk: [good]),
            RetrievalEvaluation.Query(
                path: bad, kind: "<b>odd</b>", positives: ["/p/tower/a.jpg", "/p/tower/b.jpg", bad], junk: [bad]),
            RetrievalEvaluation.Query(path: "/p/alone.jpg", positives: ["/p/alone.jpg"], junk: ["/p/alone.jpg"]),
        ]
        let rankings = [
            good: [good, "/p/tower/a.jpg", "/p/x.jpg"], bad: ["/p/x.jpg", bad, "/p/y.jpg", "/p/tower/a.jpg"],
        ]
        let result = try await RetrievalEvaluation(queries: queries).run { path in
            RankedAnswer(paths: rankings[path] ?? [], extraction: .milliseconds(5), search: .milliseconds(3))
        }
        return try EvaluationSheet(result, title: "Town & <country>", depth: depth) { path in
            path == "/p/x.jpg" ? nil : try SheetFixture.image()
        }
    }

    @Test("queries come worst first, with right, wrong and missed images and their ranks without the query")
    func items() async throws {
        let items = try await sheet().items
        #expect(items.map(\.path) == [bad, good, "/p/alone.jpg"])
        #expect(items[0].averagePrecision == 1.0 / 6)
        #expect(items[0].shown.map(\.path) == ["/p/x.jpg", "/p/y.jpg"])
        #expect(items[0].shown.map(\.verdict) == [.wrong, .wrong])
        #expect(items[0].missed.map(\.path) == ["/p/tower/a.jpg", "/p/tower/b.jpg"])
        #expect(items[0].missed.map(\.rank) == [3, nil])
        #expect(items[1].shown.map(\.verdict) == [.right, .wrong])
        #expect(items[1].missed.isEmpty)
        #expect(items[2].averagePrecision == nil)
    }

    @Test("the page is well-formed, names nothing outside itself, and marks right and wrong by symbol too")
    func page() async throws {
        let page = try await sheet().render()
        let elements = try SheetFixture.elements(of: page)
        #expect(elements.count { $0.name == "script" } == 2)
        #expect(!page.contains("http:") && !page.contains("https:"))
        #expect(elements.first { $0.name == "h1" }?.text == "1 of 2 first answers right; 1 perfect")
        let symbols = elements.filter { ["✓", "✕", "…"].contains($0.text) }.map(\.text)
        #expect(symbols == ["✕", "✕", "…", "…", "✓", "✕"])
        let texts = elements.filter { $0.name == "img" }.map { $0.attributes["alt"] ?? "" }
        #expect(texts.contains("rank 3, missed: a.jpg"))
        #expect(texts.contains("not retrieved, missed: b.jpg"))
        #expect(texts.contains("rank 1, right: a.jpg"))
        #expect(elements.contains { $0.attributes["data-kind"] == "<b>odd</b>" && $0.name == "button" })
    }

    @Test("every picture is embedded once, and one without a thumbnail by name alone")
    func pictures() async throws {
        let page = try await sheet().render()
        let script = try #require(try SheetFixture.elements(of: page).first { $0.attributes["id"] == "data" })
        let pictures = try JSONDecoder().decode([String].self, from: Data(script.text.utf8))
        // Two queries, the one alone, a, b and y; x has none.
        #expect(pictures.count == 6)
        let images = try SheetFixture.elements(of: page).filter { $0.name == "img" }
        let numbers = images.compactMap { $0.attributes["data-picture"] }.compactMap { Int($0) }
        #expect(Set(numbers) == Set(pictures.indices))
        #expect(images.count - numbers.count == 2)
    }
}
