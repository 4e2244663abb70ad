import CairnCore
import CairnEvaluation
import CairnMetrics
import Foundation
import Testing

@Suite struct AblationReportTests {
    @Test("Statistics are those of the queries that both variants score, corrected over the row of a baseline")
    func statistics() throws {
        let report = try AblationFixture.report()
        let statistics = report.statistics()
        #expect(statistics.headlines.map { $0?.queries } == [12, 12, 11])
        let row = statistics.comparisons[0]
        #expect(row[0] == nil)
        let better = try #require(row[1])
        #expect((better.paired.wins, better.paired.ties, better.paired.losses) == (11, 1, 0))
        // All eleven signs alike: two of 2^11, and twice that beside another comparison.
        #expect(better.paired.pValue == 2.0 / 2048)
        let other = try #require(row[2])
        #expect(other.paired.difference.queries == 11)
        #expect(better.adjustedPValue == 2 * better.paired.pValue && other.adjustedPValue == 2 * other.paired.pValue)
        #expect(better.isSignificant)
        let turned = try #require(statistics.comparisons[1][0])
        #expect(turned.paired.wins == 0 && turned.paired.difference.estimate == -better.paired.difference.estimate)
    }

    @Test("The headline by kind is the mean over the kind's scored queries")
    func kinds() throws {
        let report = try AblationFixture.report()
        #expect(report.kinds == ["gate", "tower"])
        let gate = try #require(report.variants[0].byKind["gate"])
        #expect(abs(gate - (0.2 + 0.4 + 0.6 + 0.8 + 1 + 0.35) / 6) < 1e-12)
        let short = try #require(report.variants[2].byKind["gate"])
        #expect(abs(short - (0.1 + 0.3 + 0.4 + 0.5 + 0.175) / 5) < 1e-12)
    }

    @Test("Every row of the Markdown table has as many columns as its head, whatever the names are")
    func markdownTable() throws {
        let hostile = ["a|b", "<script>\n# x", SheetFixture.hostileName]
        for names in [["plain", "re-ranked", "short"], hostile] {
            let text = try AblationFixture.report(names: names, title: names[1]).markdown()
            let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }
            #expect(rows.count == 5)
            let columns = rows.map { row in
                row.replacingOccurrences(of: "\\\\", with: "").replacingOccurrences(of: "\\|", with: "").split(
                    separator: "|", omittingEmptySubsequences: false
                ).count
            }
            // Variant, mAP, P@1, recall@10, difference, p, counts, time, memory, and what is outside the outer bars.
            #expect(columns == [11, 11, 11, 11, 11])
            #expect(!text.contains("<script") && !text.lowercased().contains("nan"))
        }
    }

    @Test(
        "The Markdown table says the figures with three digits, the interval, the difference and what was measured where"
    )
    func markdownText() throws {
        let text = try AblationFixture.report().markdown()
        #expect(text.contains("| plain | 0.508 (0."))
        #expect(text.contains("| baseline | – | – | 12.0 + 0.500 | 2.05 kB |"))
        #expect(text.contains("| +0.092 (+0.0"))
        #expect(text.contains("| 0.002 | 11 / 1 / 0 |"))
        #expect(text.contains("11 to 12 of 12 queries scored, baseline: plain. Measured 2026-01-02 on two cores."))
        #expect(text.contains("10,000 resamples"))
        let report = try AblationFixture.report()
        #expect(report.markdown(statistics: report.statistics()) == text)
    }

    @Test("A report survives JSON, and one whose parts do not fit is refused, read or made")
    func coding() throws {
        let report = try AblationFixture.report()
        let json = try report.json()
        #expect(try JSONDecoder().decode(AblationReport.self, from: Data(json.utf8)) == report)
        let broken = json.replacingOccurrences(of: "\"baseline\" : 0", with: "\"baseline\" : 3")
        #expect(throws: EvaluationError.self) { try JSONDecoder().decode(AblationReport.self, from: Data(broken.utf8)) }
        #expect(throws: EvaluationError.self) { try AblationFixture.report(names: ["a", "b", "a"]) }
        #expect(throws: EvaluationError.self) { try AblationFixture.equal(queries: 2, variants: 0) }
        #expect(throws: EvaluationError.self) { try AblationFixture.equal(queries: 2, variants: 1, figure: .nan) }
        #expect(throws: EvaluationError.self) {
            try AblationReport(
                title: "", headline: "mAP", queries: [AblationReport.Query(name: "q")],
                variants: [AblationReport.Variant(name: "v", perQuery: [])], date: "", machine: "")
        }
    }

    @Test("Step times are the median and the mean in milliseconds")
    func times() {
        let times = AblationReport.StepTimes([.milliseconds(1), .milliseconds(9), .milliseconds(2), .milliseconds(4)])
        #expect(times == AblationReport.StepTimes(median: 3, mean: 4))
        #expect(AblationReport.StepTimes([]) == nil)
    }
}
