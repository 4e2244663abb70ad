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
        let result = try await RetrievalEvaluation(queries: queries).run { query in
            RankedAnswer(paths: rankings[query.path] ?? [], extraction: .milliseconds(5), search: .milliseconds(3))
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

    /// A sheet of queries with so many right answers past the first rank each: the more, the worse.
    private func sheet(
        misses: [Int], limit: EvaluationSheet.Limit = .all, region: PixelRegion? = nil, junk: [String] = []
    ) async throws -> EvaluationSheet {
        let queries = misses.indices.map { index in
            RetrievalEvaluation.Query(
                path: "/q\(index).jpg", region: region, positives: ["/a.jpg"], junk: Set(junk + ["/q\(index).jpg"]))
        }
        let result = try await RetrievalEvaluation(queries: queries).run { query in
            let index = queries.firstIndex { $0.path == query.path } ?? 0
            let wrong = (0..<misses[index]).map { "/wrong\($0).jpg" }
            return RankedAnswer(
                paths: [query.path] + junk + wrong + ["/a.jpg"], extraction: .zero, search: .zero)
        }
        return try EvaluationSheet(
            result, title: "Town", depth: 3, limit: limit, photoSize: { _ in ImageSize(width: 640, height: 480) }
        ) { _ in try SheetFixture.image() }
    }

    @Test("junk stands where it was ranked, grey and without a rank, but not the query and not without end")
    func junk() async throws {
        let few = try await sheet(misses: [1], junk: ["/j0.jpg", "/j1.jpg"])
        #expect(few.items[0].shown.map(\.verdict) == [.junk, .junk, .wrong, .right])
        #expect(few.items[0].shown.map(\.rank) == [nil, nil, 1, 2])
        #expect(few.items[0].averagePrecision == 0.5)
        let elements = try PageChecks.expectSound(few.render())
        #expect(elements.count { $0.attributes["class"] == "hit junk" } == 2)
        #expect(elements.contains { $0.attributes["alt"] == "no rank, junk: j0.jpg" })
        #expect(elements.contains { $0.attributes["class"] == "key junk" })
        let many = try await sheet(misses: [5], junk: (0..<500).map { "/j\($0).jpg" })
        #expect(many.items[0].shown.map(\.verdict) == [.junk, .junk, .junk, .wrong, .wrong, .wrong])
        #expect(many.items[0].missed.map(\.rank) == [6])
    }

    @Test("a query's region is outlined on its picture, cut to the photo, and one outside of it is not")
    func region() async throws {
        let part = try await sheet(misses: [0], region: PixelRegion(x0: 320, y0: -20, x1: 900, y1: 120))
        #expect(part.items[0].region == EvaluationSheet.Region(x: 0.5, y: 0, width: 0.5, height: 0.25))
        let elements = try PageChecks.expectSound(part.render())
        let outline = try #require(elements.first { $0.attributes["class"] == "outline" })
        // The picture is 64 x 48, as the fixture's are.
        #expect(outline.attributes["viewBox"] == "0 0 64 48")
        let rectangle = try #require(elements.last { $0.name == "rect" })
        #expect(["x", "y", "width", "height"].map { rectangle.attributes[$0] } == ["32.0", "0.0", "32.0", "12.0"])
        let outside = try await sheet(misses: [0], region: PixelRegion(x0: 700, y0: 0, x1: 900, y1: 120))
        #expect(outside.items[0].region == nil)
        #expect(!outside.render().contains("class=\"outline\""))
    }

    @Test("a limited sheet shows the worst queries or the same random ones, says so, and counts them all")
    func limit() async throws {
        let misses = [0, 4, 2, 0, 3, 1]
        let worst = try await sheet(misses: misses, limit: .worst(2))
        #expect(worst.items.map(\.path) == ["/q1.jpg", "/q4.jpg"])
        let page = worst.render()
        try PageChecks.expectSound(page)
        #expect(page.contains("The 2 worst of 6 queries are shown; the figures are of all."))
        #expect(page.contains("2 of 6 first answers right; 2 perfect"))
        #expect(worst.thumbnails.count == 6, "two queries, the right answer and the first three wrong ones")
        let sample = try await sheet(misses: misses, limit: .sample(3))
        #expect(sample.items.count == 3)
        #expect(sample.items.map(\.path) == (try await sheet(misses: misses, limit: .sample(3))).items.map(\.path))
        let larger = try await sheet(misses: misses, limit: .sample(4))
        #expect(Set(larger.items.map(\.path)).isSuperset(of: sample.items.map(\.path)))
        #expect(sample.render().contains("A random 3 of 6 queries are shown (seed 1)"))
        let all = try await sheet(misses: misses, limit: .worst(6))
        #expect(!all.render().contains("figures are of all"))
    }
}
