import Foundation

extension ProtocolReport {
    /// The report for a terminal: a row a setting, and below each one for every kind of query.
    public var table: String {
        let columns = settings.first?.figures.map(\.name) ?? []
        var rows: [(name: String, values: [Double], queries: Int?)] = []
        for setting in settings {
            rows.append((setting.name ?? "all", setting.figures.map(\.value), setting.queries))
            for (kind, figures) in setting.byKind.sorted(by: { $0.key < $1.key }) {
                rows.append(("  " + kind, figures.map(\.value), nil))
            }
        }
        let width = max(7, rows.map(\.name.count).max() ?? 0)
        func aligned(_ text: String, _ length: Int) -> String {
            String(repeating: " ", count: max(0, length - text.count)) + text
        }
        let widths = (columns + ["queries"]).map { max(7, $0.count) }
        var lines = [
            String(repeating: " ", count: width)
                + zip(columns + ["queries"], widths).map { "  " + aligned($0, $1) }.joined()
        ]
        for row in rows {
            let cells = row.values.map { String(format: "%.4f", $0) } + [row.queries.map { "\($0)" } ?? ""]
            lines.append(
                row.name.padding(toLength: width, withPad: " ", startingAt: 0)
                    + zip(cells, widths).map { "  " + aligned($0, $1) }.joined())
        }
        if let timings {
            lines.append("")
            for (name, times) in [("extraction", timings.extraction), ("search", timings.search)] {
                lines.append(
                    name.padding(toLength: 12, withPad: " ", startingAt: 0)
                        + aligned(String(format: "%.1f", times.median), 9) + " ms a query (median)"
                        + aligned(String(format: "%.1f", times.total / 1000), 10) + " s in all")
            }
        }
        for setting in settings where setting.withoutPositives > 0 {
            let which = setting.name.map { " in \($0)" } ?? ""
            lines.append(
                setting.withoutPositives == 1
                    ? "1 query has no right answer\(which)."
                    : "\(setting.withoutPositives) queries have no right answer\(which).")
        }
        return lines.joined(separator: "\n")
    }
}
