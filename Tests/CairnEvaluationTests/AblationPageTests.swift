import CairnEvaluation
import CairnMetrics
import Foundation
import Testing

@Suite struct AblationPageTests {
    @Test("The page is well-formed and loads nothing, also with names that try everything")
    func sound() throws {
        try PageChecks.expectSound(try AblationFixture.report().html())
        let name = SheetFixture.hostileName
        let page = try AblationFixture.report(names: [name, name + "2", "\"'<&>"], title: name, kind: name).html()
        let elements = try PageChecks.expectSound(page)
        #expect(!page.contains("<script>alert"))
        #expect(elements.first { $0.name == "h1" }?.text.contains("<script>alert(1)</script>") == true)
    }

    @Test(
        "A row for each variant holds its figures, its difference and what it costs, sorted by numbers that are there")
    func rows() throws {
        let report = try AblationFixture.report()
        let elements = try PageChecks.expectSound(report.html())
        #expect(elements.count { $0.attributes["data-row"] != nil } == 6, "three in either table")
        let values = elements.filter { $0.name == "td" }.compactMap { $0.attributes["data-value"] }
        #expect(values.allSatisfy { $0.isEmpty || Double($0) != nil })
        let texts = elements.map(\.text)
        for text in ["0.508", "+0.092", "0.002", "12.5", "2.05 kB", "123 MB"] {
            #expect(texts.contains(text), "\(text)")
        }
        #expect(elements.count { $0.attributes["data-cell"] == "difference" } == 3)
        #expect(texts.contains("11 to 12 of 12 queries scored"))
    }

    @Test("The data hold the cells for every baseline, and the queries by kind from the hardest on")
    func data() throws {
        let data = try #require(try PageChecks.data(of: try AblationFixture.report().html()) as? [String: Any])
        let cells = try #require(data["cells"] as? [[[String: Any]]])
        #expect(cells.map(\.count) == [3, 3, 3])
        #expect((cells[1][0]["difference"] as? String)?.contains("−0.092") == true)
        let figures = try #require(data["figures"] as? [[Any]])
        #expect(figures.map(\.count) == [12, 12, 12])
        let first = try #require(figures[0] as? [Double])
        #expect(Array(first.prefix(6)) == [0.2, 0.35, 0.4, 0.6, 0.8, 1])
        #expect(figures[2].contains { $0 is NSNull })
    }

    @Test(
        "No queries, one query, equal figures and nothing scored make pages and tables without a number that is none",
        arguments: [(0, 2), (1, 1), (1, 3), (5, 2)])
    func degenerate(queries: Int, variants: Int) throws {
        for figure in [0.5, nil] as [Double?] {
            let report = try AblationFixture.equal(queries: queries, variants: variants, figure: figure)
            let page = report.html()
            let elements = try PageChecks.expectSound(page)
            let visible = elements.filter { $0.name != "script" && $0.name != "style" }
            for text in visible.flatMap({ [$0.text] + $0.attributes.values }) {
                #expect(
                    !text.lowercased().split(whereSeparator: { !$0.isLetter }).contains { $0 == "nan" || $0 == "inf" })
            }
            _ = try PageChecks.data(of: page)
            #expect(!report.markdown().lowercased().contains("nan"))
        }
    }

    @Test("A headline that is no mean over queries stands with the interval it came with")
    func givenHeadline() throws {
        let given = BootstrapInterval(estimate: 0.321, lower: 0.3, upper: 0.345, level: 0.95, queries: 900)
        let report = try AblationReport(
            title: "Recognition", headline: "GAP", queries: [],
            variants: [AblationReport.Variant(name: "votes", perQuery: [], headline: given)], date: "", machine: "")
        #expect(report.markdown().contains("| votes | 0.321 (0.300–0.345) |"))
        #expect(try SheetFixture.elements(of: report.html()).contains { $0.text.contains("0.321") })
    }
}
