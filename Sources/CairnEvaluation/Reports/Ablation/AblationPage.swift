import CairnMetrics

/// An ablation as one HTML file: the table with intervals, what costs what, curves, kinds, and every query beside the baseline.
struct AblationPage {
    let report: AblationReport
    let statistics: AblationReport.Statistics

    init(_ report: AblationReport, _ statistics: AblationReport.Statistics) {
        self.report = report
        self.statistics = statistics
    }

    /// The whole file. Figures, charts and comparisons with the report's baseline need no script; choosing another, sorting, and
    /// the picture of all queries do.
    func render() -> String {
        let body = """
            <main class="page">
            <div class="top"><h1>\(HTML.escaped(report.title))</h1>\(subtitle)<p class="facts num">\(facts)</p></div>
            \(finding)
            \(table)
            \(charts.isEmpty ? "" : legend)
            \(charts)
            \(kindTable)
            \(queryStrip)
            \(definitions)
            </main>
            <footer>\(HTML.escaped(report.date)) · \(HTML.escaped(report.machine))</footer>
            """
        return SheetPage(
            title: report.title,
            style: [CurveChart.colours, CurveChart.style, SheetStyle.report, Self.style].joined(separator: "\n"),
            body: body,
            data: HTML.json(data), script: Self.script
        ).render()
    }

    /// The headline of a variant.
    func headline(_ index: Int) -> BootstrapInterval? { statistics.headlines[index] }

    /// The comparisons with the report's own baseline.
    var comparisons: [AblationReport.Comparison?] { statistics.comparisons[report.baseline] }

    private var subtitle: String {
        report.subtitle.isEmpty ? "" : "<p class=\"lede\">\(HTML.escaped(report.subtitle))</p>"
    }

    private var facts: String {
        let count = report.variants.count
        let facts = [
            "<b>\(HTML.escaped(report.queriesText))</b>", "<b>\(count)</b> \(count == 1 ? "variant" : "variants")",
            "intervals of \(AblationText.level(report.bootstrap.level)) from \(AblationText.count(report.bootstrap.resamples)) resamples",
            "measured \(HTML.escaped(report.date)) on \(HTML.escaped(report.machine))",
        ]
        return facts.map { "<span>\($0)</span>" }.joined()
    }

    /// What the table says, in a sentence: the highest variant, and whether the queries suffice to say it is better.
    private var finding: String {
        let scored = report.variants.indices.compactMap { index in headline(index).map { (index, $0) } }
        guard let best = scored.max(by: { ($0.1.estimate, -$0.0) < ($1.1.estimate, -$1.0) }) else {
            return "<p class=\"finding\">No query is scored: there is nothing to compare.</p>"
        }
        let metric = HTML.escaped(report.headline)
        let name = "<b><bdi>\(HTML.escaped(report.variants[best.0].name))</bdi></b>"
        let value = "<b class=\"num\">\(AblationText.figure(best.1.estimate))</b>"
        guard report.variants.count > 1 else { return "<p class=\"finding\">\(name) has \(metric) \(value).</p>" }
        guard best.0 != report.baseline else {
            return "<p class=\"finding\">No variant is above the baseline \(name), \(metric) \(value).</p>"
        }
        guard let comparison = comparisons[best.0] else {
            return "<p class=\"finding\">\(name) has the highest \(metric), \(value).</p>"
        }
        let baseline = "<bdi>\(HTML.escaped(report.variants[report.baseline].name))</bdi>"
        let gain = "<span class=\"num\">\(AblationText.difference(comparison.paired.difference.estimate))</span>"
        let verdict =
            comparison.isSignificant
            ? "more than chance among these queries explains"
            : "which chance among these queries can explain"
        let p = HTML.escaped(AblationText.pValue(comparison.adjustedPValue))
        return """
            <p class="finding">\(name) has the highest \(metric), \(value): \(gain) over \(baseline), \(verdict) \
            <span class="num">(p \(p.hasPrefix("&lt;") ? p : "= " + p))</span>.</p>
            """
    }

    /// Names with a piece of each line; a click hides or shows the variant in all charts.
    private var legend: String {
        let chips = report.variants.enumerated().map { index, variant in
            """
            <button type="button" class="tool key" data-toggle="\(index)" aria-pressed="true" \
            aria-label="\(HTML.escaped(variant.name))">\(Self.swatch(index))\
            <bdi>\(HTML.escaped(variant.name))</bdi></button>
            """
        }
        return """
            <div class="legend no-print" role="group" aria-label="Variants shown in the charts">\(chips.joined())\
            <button type="button" class="tool" id="every">All</button>\
            <button type="button" class="tool" id="nothing">None</button></div>
            """
    }

    /// A piece of a variant's line.
    static func swatch(_ index: Int) -> String {
        """
        <svg class="swatch series \(ChartPalette.classes(slot: index))" viewBox="0 0 22 8" width="22" height="8" \
        aria-hidden="true"><path class="line" d="M1 4H21"/></svg>
        """
    }
}

extension AblationReport {
    /// The report as one HTML file that loads nothing, for light, dark and paper.
    ///
    /// - Parameter statistics: What `statistics()` gave, where it was asked already; `nil` to compute it.
    public func html(statistics: Statistics? = nil) -> String {
        AblationPage(self, statistics ?? self.statistics()).render()
    }
}
