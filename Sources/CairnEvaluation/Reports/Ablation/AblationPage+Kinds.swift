import CairnMetrics
import Foundation

extension AblationPage {
    /// The headline by kind of query: the higher within a column, the deeper its ground.
    var kindTable: String {
        let kinds = report.kinds
        guard !kinds.isEmpty else { return "" }
        let counts = Dictionary(grouping: report.queries.compactMap(\.kind), by: { $0 }).mapValues(\.count)
        let heads = kinds.map { kind in
            let count = counts[kind].map { "<small>\($0) \($0 == 1 ? "query" : "queries")</small>" } ?? ""
            return "<th scope=\"col\"><bdi>\(HTML.escaped(kind))</bdi>\(count)</th>"
        }
        let columns = kinds.map { kind in report.variants.map { $0.byKind[kind] } }
        let overall = report.variants.indices.map { headline($0)?.estimate }
        let rows = report.variants.enumerated().map { index, variant in
            let cells = ([overall] + columns).map { Self.heatCell($0[index], in: $0) }
            return """
                <tr data-row="\(index)"><th scope="row"><span class="named">\(Self.swatch(index))\
                <bdi>\(HTML.escaped(variant.name))</bdi></span></th>\(cells.joined())</tr>
                """
        }
        let all = "<th scope=\"col\">all<small>\(HTML.escaped(report.queriesText))</small></th>"
        return """
            <section class="card"><div class="heading"><h2>\(HTML.escaped(report.headline)) by kind of query</h2>\
            <p>Shaded within each column, from its lowest to its highest.</p></div>\
            <div class="scroll"><table class="heat num"><thead><tr><th scope="col">variant</th>\(all)\(heads.joined())</tr></thead>\
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div></section>
            """
    }

    private static func heatCell(_ value: Double?, in column: [Double?]) -> String {
        guard let value, value.isFinite else { return "<td>\(AblationText.none)</td>" }
        let finite = column.compactMap { $0 }.filter(\.isFinite)
        let (low, high) = (finite.min() ?? value, finite.max() ?? value)
        let share = low < high ? (value - low) / (high - low) : 0
        let isBest = low < high && value == high
        return """
            <td style="--heat:\(String(format: "%.0f%%", share * 42))"\(isBest ? " class=\"best\"" : "")>\
            \(AblationText.figure(value))</td>
            """
    }
}
