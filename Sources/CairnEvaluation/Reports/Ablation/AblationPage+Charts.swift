import CairnMetrics

extension AblationPage {
    /// What costs what, and the curves that the variants have.
    var charts: String {
        let drawn = [
            (
                timeChart, "cost", "What it costs",
                "Up and to the left is better. The dashed line joins what nothing beats at its time."
            ),
            (precisionRecallChart, "pr", "Precision and recall", "Mean interpolated precision at 101 recalls."),
            (matchChart, "cmc", "CMC", "Share of queries whose first right answer is at this rank or before."),
            (
                thresholdChart, "threshold", "Thresholds",
                "Landmarks recognised against other photos accepted, for each threshold."
            ),
        ]
        let count = drawn.count { $0.0 != nil }
        let cards = drawn.compactMap { chart, id, title, note in
            chart.map { chart in
                """
                <figure class="card chart-card"><figcaption><h2>\(title)</h2><p>\(note)</p></figcaption>\
                \(Self.sized(chart, narrow: count == 3).fragment(id: "chart-\(id)"))</figure>
                """
            }
        }
        return cards.isEmpty
            ? "" : "<section class=\"charts\(count == 3 ? " three" : "")\">\(cards.joined(separator: "\n"))</section>"
    }

    private var timeChart: CurveChart? {
        let points = report.variants.indices.compactMap { index -> (index: Int, x: Double, y: Double)? in
            guard let time = report.variants[index].medianMilliseconds, time > 0, let value = headline(index) else {
                return nil
            }
            return (index, time, value.estimate)
        }
        guard !points.isEmpty else { return nil }
        let dots = points.map {
            CurveChart.Series(
                name: report.variants[$0.index].name, points: [CurveChart.Point(x: $0.x, y: $0.y)], style: .dots,
                slot: $0.index)
        }
        var front: [CurveChart.Point] = []
        for point in points.sorted(by: { ($0.x, -$0.y) < ($1.x, -$1.y) }) where point.y > front.last?.y ?? -.infinity {
            front.append(CurveChart.Point(x: point.x, y: point.y))
        }
        // On to the slowest: nothing dearer is better than the last of the front.
        if let last = front.last, let slowest = points.map(\.x).max(), slowest > last.x {
            front.append(CurveChart.Point(x: slowest, y: last.y))
        }
        let line = CurveChart.Series(name: "nothing is better at its time", points: front, style: .step, slot: nil)
        return CurveChart(
            title: "\(report.headline) against time",
            summary: "Each variant's \(report.headline) and milliseconds a query.",
            x: CurveChart.Axis("ms a query, extraction + search (median)", scale: .logarithmic),
            y: CurveChart.Axis(report.headline), series: [line] + dots, legend: .besideDots)
    }

    private var precisionRecallChart: CurveChart? {
        curves(\.precisionRecall, CurveChart.precisionRecall)
    }

    private var matchChart: CurveChart? { curves(\.cumulativeMatch, CurveChart.cumulativeMatch) }

    private var thresholdChart: CurveChart? { curves(\.thresholds, CurveChart.thresholds) }

    /// A chart of the variants that have such a curve, each with its own look; `nil` when none has.
    private func curves<Curve>(
        _ curve: (AblationReport.Variant) -> Curve?, _ chart: ([(name: String, curve: Curve)]) -> CurveChart
    ) -> CurveChart? {
        let present = report.variants.enumerated().compactMap { index, variant in
            curve(variant).map { (index: index, name: variant.name, curve: $0) }
        }
        guard !present.isEmpty else { return nil }
        var drawn = chart(present.map { ($0.name, $0.curve) })
        for (place, item) in present.enumerated() { drawn.series[place].slot = item.index }
        drawn.legend = .none
        return drawn
    }

    /// Text keeps its size: where three stand side by side, each has fewer pixels.
    private static func sized(_ chart: CurveChart, narrow: Bool) -> CurveChart {
        var chart = chart
        chart.width = narrow ? 470 : 620
        chart.height = narrow ? 360 : 400
        return chart
    }
}
