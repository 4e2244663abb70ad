import CairnEvaluation
import CairnMetrics

/// Reports made up for the pages' tests.
enum AblationFixture {
    /// Three variants on twelve queries of two kinds; the second is better nearly everywhere, the third leaves a query out.
    static func report(
        names: [String] = ["plain", "re-ranked", "short"], title: String = "Town", kind: String = "tower"
    ) throws -> AblationReport {
        let plain: [Double?] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 0.25, 0.35]
        let better = plain.map { $0.map { min(1, $0 + 0.1) } }
        let worse = plain.enumerated().map { $0.offset == 3 ? nil : $0.element.map { $0 * 0.5 } }
        let lists = (1...12).map { RelevanceList(hitRanks: [$0], positiveCount: 1, length: 12) }
        let variants = zip(names, [plain, better, worse]).enumerated().map { index, item in
            AblationReport.Variant(
                name: item.0, note: index == 1 ? "with \(item.0)" : nil,
                settings: [AblationReport.Setting(name: item.0, value: "\(index)")], perQuery: item.1,
                figures: [AblationReport.Figure(name: index == 2 ? "recall@10" : "P@1", value: 0.25 * Double(index))],
                extraction: AblationReport.StepTimes(median: 12, mean: 13),
                search: index == 2 ? nil : AblationReport.StepTimes(median: 0.5 + Double(index), mean: 1),
                bytesPerImage: index == 2 ? nil : 2048, peakResidentBytes: 123_456_789,
                precisionRecall: PrecisionRecallCurve(lists),
                cumulativeMatch: CumulativeMatchCurve(lists, maximumRank: 20))
        }
        return try AblationReport(
            title: title, subtitle: "\(title), small", headline: "mAP",
            queries: (0..<12).map {
                AblationReport.Query(name: "\(names[0])-\($0).jpg", kind: $0 % 2 == 0 ? kind : "gate")
            },
            variants: variants, date: "2026-01-02", machine: "two cores")
    }

    /// A report of so many queries, all with the same figure, by so many variants.
    static func equal(queries: Int, variants: Int, figure: Double? = 0.5) throws -> AblationReport {
        try AblationReport(
            title: "Equal", headline: "mAP", queries: (0..<queries).map { AblationReport.Query(name: "q\($0)") },
            variants: (0..<variants).map {
                AblationReport.Variant(name: "v\($0)", perQuery: [Double?](repeating: figure, count: queries))
            }, date: "", machine: "")
    }
}
