import CairnMetrics
import Foundation

extension EvaluationReport {
    /// The report for a terminal: a row for all queries and one for each kind, then the times.
    public var table: String {
        let names = ["all"] + scores.byKind.keys.sorted()
        let rows = [scores.overall] + scores.byKind.keys.sorted().compactMap { scores.byKind[$0] }
        let width = max(7, names.map(\.count).max() ?? 0)
        let columns = ["mAP", "mAP@10", "mAP@100", "P@1", "recall@10", "queries"]
        var lines = [
            Self.padded("", to: width) + columns.map { "  " + Self.aligned($0, to: max(7, $0.count)) }.joined()
        ]
        for (name, row) in zip(names, rows) {
            let values = [
                Self.figure(row.meanAveragePrecision), Self.figure(row.meanAveragePrecisionAt10),
                Self.figure(row.meanAveragePrecisionAt100), Self.figure(row.precisionAt1), Self.figure(row.recallAt10),
                String(row.queries),
            ]
            let cells = zip(columns, values).map { "  " + Self.aligned($1, to: max(7, $0.count)) }
            lines.append(Self.padded(name, to: width) + cells.joined())
        }
        lines.append("")
        for (name, times) in [("extraction", timings.extraction), ("search", timings.search)] {
            lines.append(
                Self.padded(name, to: 12) + Self.aligned(Self.milliseconds(times.median), to: 9)
                    + " ms a query (median)"
                    + Self.aligned(Self.milliseconds(times.total / 1000), to: 10) + " s in all")
        }
        if let excluded = scores.overall.queriesWithoutPositives {
            lines.append(
                excluded == 1
                    ? "1 query has no positive and was left out."
                    : "\(excluded) queries have no positive and were left out.")
        }
        return lines.joined(separator: "\n")
    }

    private static func figure(_ value: Double) -> String { String(format: "%.3f", value) }

    private static func milliseconds(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func aligned(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
