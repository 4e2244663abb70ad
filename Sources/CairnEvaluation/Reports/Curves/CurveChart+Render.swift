import Foundation

extension CurveChart {
    /// The chart as an SVG file of its own, with its heading, for light and dark.
    public func svg() -> String {
        let drawing = Drawing(self, heading: true)
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" height="\(Self.number(drawing.height))" \
            viewBox="0 0 \(Self.number(width)) \(Self.number(drawing.height))" role="img" aria-labelledby="t d">
            <title id="t">\(HTML.escaped(title))</title>
            <desc id="d">\(HTML.escaped(summary))</desc>
            <style>\(Self.fileStyle)</style>
            <rect class="ground" width="100%" height="100%"/>
            <text class="heading" x="16" y="26">\(HTML.escaped(title))</text>
            \(drawing.content)
            </svg>

            """
    }

    /// The chart for inside a page whose style holds `CurveChart.style` and `colours`; the page says the title.
    ///
    /// - Parameter id: What its own ids begin with; one of its own for each chart on a page.
    public func fragment(id: String) -> String {
        let drawing = Drawing(self, heading: false)
        return """
            <svg class="chart" viewBox="0 0 \(Self.number(width)) \(Self.number(drawing.height))" role="img" \
            aria-labelledby="\(id)-t \(id)-d"><title id="\(id)-t">\(HTML.escaped(title))</title>\
            <desc id="\(id)-d">\(HTML.escaped(summary))</desc>
            \(drawing.content)</svg>
            """
    }

    /// Pixels with a tenth.
    static func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? String(format: "%.0f", tenths) : String(format: "%.1f", tenths)
    }
}

/// A chart laid out.
private struct Drawing {
    let chart: CurveChart
    let plot: ChartBox
    let x: ChartScale
    let y: ChartScale
    /// The height with the legend.
    let height: Double
    private let endLabels: [ChartLabel]?
    private let legend: ChartLegend?

    init(_ chart: CurveChart, heading: Bool) {
        self.chart = chart
        // Names of marks take two rows above the plot.
        let top: Double = (heading ? 44 : 12) + (chart.marks.isEmpty ? 0 : 26)
        let points = chart.series.flatMap(\.points)
        let named = chart.series.filter { $0.slot != nil && $0.style != .pale }
        let room = min(chart.width * 0.3, 14 + (named.map { ChartLabel.width(of: $0.name) * 1.08 }.max() ?? 0))
        func layOut(right: Double) -> (ChartBox, ChartScale, ChartScale) {
            let bottom = chart.height - 46
            let y = ChartScale(chart.y, values: points.map(\.y), pixels: (bottom, top))
            let left = 34 + (y.ticks.map { ChartLabel.width(of: y.label($0)) }.max() ?? 0)
            let box = ChartBox(left: left, top: top, right: chart.width - right, bottom: bottom)
            return (box, ChartScale(chart.x, values: points.map(\.x), pixels: (box.left, box.right)), y)
        }
        var (plot, x, y) = layOut(right: chart.legend == .automatic && named.count > 1 ? room : 18)
        var labels: [ChartLabel]?
        if chart.legend == .automatic, named.count > 1 {
            labels = ChartLabel.atEnds(of: named, x: x, y: y, within: plot, room: room)
            if labels == nil { (plot, x, y) = layOut(right: 18) }
        }
        self.plot = plot
        self.x = x
        self.y = y
        endLabels = labels
        legend =
            chart.legend == .automatic && labels == nil && named.count > 1
            ? ChartLegend(named, left: plot.left, top: chart.height + 6, right: chart.width - 12) : nil
        height = chart.height + (legend.map { $0.height + 10 } ?? 0)
    }

    var content: String {
        let curves = chart.series.enumerated().map { curve($0.offset, $0.element) }
        return [grid, marks, curves.joined(separator: "\n"), labels, legend?.content ?? ""].filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    private var grid: String {
        let number = CurveChart.number
        let rows = y.ticks.map { tick in
            let place = number(y.position(tick))
            return "<line x1=\"\(number(plot.left))\" x2=\"\(number(plot.right))\" y1=\"\(place)\" y2=\"\(place)\"/>"
        }
        let columns = x.ticks.map { tick in
            let place = number(x.position(tick))
            return
                "<line x1=\"\(place)\" x2=\"\(place)\" y1=\"\(number(plot.bottom))\" y2=\"\(number(plot.bottom + 5))\"/>"
        }
        let heights = y.ticks.map { tick in
            "<text x=\"\(number(plot.left - 8))\" y=\"\(number(y.position(tick) + 4))\" text-anchor=\"end\">\(y.label(tick))</text>"
        }
        let widths = x.ticks.map { tick in
            "<text x=\"\(number(x.position(tick)))\" y=\"\(number(plot.bottom + 19))\" text-anchor=\"middle\">\(x.label(tick))</text>"
        }
        let middle = (number((plot.left + plot.right) / 2), number((plot.top + plot.bottom) / 2))
        return """
            <g class="grid">\(rows.joined())\(columns.joined())</g>
            <path class="frame" d="M\(number(plot.left)) \(number(plot.bottom))H\(number(plot.right))"/>
            <g class="ticks">\(heights.joined())\(widths.joined())</g>
            <text class="axis" x="\(middle.0)" y="\(number(plot.bottom + 39))" text-anchor="middle">\
            \(HTML.escaped(chart.x.label))</text>
            <text class="axis" transform="translate(15 \(middle.1)) rotate(-90)" text-anchor="middle">\
            \(HTML.escaped(chart.y.label))</text>
            """
    }

    private var marks: String {
        let number = CurveChart.number
        var ends = [-Double.infinity, -Double.infinity]
        return chart.marks.filter { x.range.contains($0.x) }.map { mark in
            let place = x.position(mark.x)
            // Stages in the upper row, what changes within them in the lower; a name without room is a tooltip.
            let row = mark.isStrong ? 0 : 1
            let width = ChartLabel.width(of: mark.name)
            let hasRoom = place > ends[row] && place + width < plot.right + 12
            if hasRoom { ends[row] = place + width + 6 }
            let baseline = number(plot.top - (row == 0 ? 19 : 5))
            let name = HTML.escaped(mark.name)
            let text = hasRoom ? "<text x=\"\(number(place + 3))\" y=\"\(baseline)\">\(name)</text>" : ""
            return """
                <g class="mark\(mark.isStrong ? " strong" : "")"><title>\(name)</title><line x1="\(number(place))" \
                x2="\(number(place))" y1="\(number(plot.top - (row == 0 ? 28 : 14)))" y2="\(number(plot.bottom))"/>\(text)</g>
                """
        }.joined(separator: "\n")
    }

    private func curve(_ index: Int, _ series: CurveChart.Series) -> String {
        let places = series.points.filter { $0.x.isFinite && $0.y.isFinite }.map {
            CurveChart.Point(x: x.position($0.x), y: y.position($0.y))
        }
        let number = CurveChart.number
        let shape =
            switch series.style {
            case .dots:
                places.map { "<circle class=\"dot\" cx=\"\(number($0.x))\" cy=\"\(number($0.y))\" r=\"5\"/>" }.joined()
            case .line, .step, .pale:
                places.isEmpty
                    ? ""
                    : "<path class=\"line\(series.style == .pale ? " pale" : "")\" d=\"\(Self.path(places, stepped: series.style == .step))\"/>"
            }
        let classes = series.slot.map(ChartPalette.classes) ?? "plain"
        let key = series.slot.map { " data-series=\"\($0)\"" } ?? ""
        return "<g class=\"series \(classes)\"\(key)><title>\(HTML.escaped(series.name))</title>\(shape)</g>"
    }

    /// Joined points; those within 0.4 pixels of the last are left out, so that curves of 100,000 thresholds stay small.
    private static func path(_ points: [CurveChart.Point], stepped: Bool) -> String {
        var text = ""
        var last: CurveChart.Point?
        for (index, point) in points.enumerated() {
            if let last, index + 1 < points.count, abs(point.x - last.x) < 0.4, abs(point.y - last.y) < 0.4 { continue }
            let (x, y) = (CurveChart.number(point.x), CurveChart.number(point.y))
            text += last == nil ? "M\(x) \(y)" : stepped ? "H\(x)V\(y)" : "L\(x) \(y)"
            last = point
        }
        return text
    }

    private var labels: String {
        let placed =
            chart.legend == .besideDots
            ? ChartLabel.besideDots(of: chart.series, x: x, y: y, within: plot) : endLabels ?? []
        return placed.map(\.content).joined()
    }
}
