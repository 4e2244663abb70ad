import CairnMetrics

extension AblationPage {
    /// What the script works with.
    struct PageData: Encodable {
        /// A query: its name and kind.
        struct Query: Encodable {
            var name: String
            var kind: String
        }

        var baseline: Int
        var headline: String
        var names: [String]
        /// The queries of the strip, from left to right.
        var queries: [Query]
        /// `figures[variant][query]`, rounded to four digits; `null` where it is not scored.
        var figures: [[Double?]]
        /// `cells[baseline][row]`; empty for a baseline that cannot be chosen.
        var cells: [[ComparisonCells]]
        /// The numbers above the differences, for each baseline.
        var axes: [String]
    }

    /// As many columns as a screen has; of more queries those are shown on which the variants differ most.
    static let stripLimit = 2000

    var data: PageData {
        let order = stripOrder
        let canChoose = report.variants.indices.map { index in
            index == report.baseline || statistics.comparisons[index].contains { $0 != nil }
        }
        return PageData(
            baseline: report.baseline, headline: HTML.visible(report.headline),
            names: report.variants.map { HTML.visible($0.name) },
            queries: order.map { index in
                let query = report.queries[index]
                return PageData.Query(name: HTML.visible(query.name), kind: HTML.visible(query.kind ?? ""))
            },
            figures: report.variants.map { variant in
                order.map { query in variant.perQuery[query].map { ($0 * 10_000).rounded() / 10_000 } }
            },
            cells: report.variants.indices.map { canChoose[$0] ? comparisonCells(baseline: $0) : [] },
            axes: report.variants.indices.map { canChoose[$0] ? differenceAxis(baseline: $0) : "" })
    }

    /// A row for each variant and a column for each query, coloured by the difference to the baseline.
    var queryStrip: String {
        let count = stripOrder.count
        guard report.variants.count > 1, count > 0 else { return "" }
        let limited =
            report.queries.count > count ? " The \(count) queries on which the variants differ most are shown." : ""
        return """
            <section class="card"><div class="heading"><h2>Every query beside the baseline</h2>\
            <p>A column is a query, by kind and from the baseline's hardest to its easiest; \
            <span class="key-up">better</span>, <span class="key-down">worse</span>, blank where equal.\(limited)</p></div>\
            <div class="strip" id="strip"></div><p class="readout num no-print" id="readout" aria-live="polite">Point at a query.</p>\
            <noscript><p class="lede">The picture of all queries needs JavaScript.</p></noscript></section>
            """
    }

    /// Queries that any variant scores, by kind, then by the baseline's figure.
    private var stripOrder: [Int] {
        let baseline = report.variants[report.baseline].perQuery
        var spreads: [(query: Int, spread: Double)] = []
        for query in report.queries.indices {
            let values = report.variants.compactMap { $0.perQuery[query] }
            guard let low = values.min(), let high = values.max() else { continue }
            spreads.append((query, high - low))
        }
        if spreads.count > Self.stripLimit {
            spreads.sort { ($1.spread, $0.query) < ($0.spread, $1.query) }
            spreads.removeLast(spreads.count - Self.stripLimit)
        }
        return spreads.map(\.query).sorted { left, right in
            let kinds = (report.queries[left].kind ?? "", report.queries[right].kind ?? "")
            if kinds.0 != kinds.1 { return kinds.0 < kinds.1 }
            return (baseline[left] ?? 2, left) < (baseline[right] ?? 2, right)
        }
    }
}
