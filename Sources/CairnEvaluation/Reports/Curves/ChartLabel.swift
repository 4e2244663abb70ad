/// A rectangle in pixels, y downwards.
struct ChartBox: Hashable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    func overlaps(_ other: ChartBox) -> Bool {
        left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    func contains(_ other: ChartBox) -> Bool {
        left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom
    }
}

/// A series' name within the drawing.
struct ChartLabel {
    /// Between the lines of names that stand above one another, in pixels.
    static let lineHeight = 14.0

    let name: String
    let slot: Int
    let x: Double
    let baseline: Double
    let anchor: String
    let isEnd: Bool

    var content: String {
        """
        <text class="label \(isEnd ? "end " : "")series \(ChartPalette.classes(slot: slot))" data-series="\(slot)" \
        x="\(CurveChart.number(x))" y="\(CurveChart.number(baseline))" text-anchor="\(anchor)">\(HTML.escaped(name))</text>
        """
    }

    /// About how wide text of 12 pixels gets; a little more than it needs, as fonts differ.
    static func width(of text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x2E80 ? 6.8 : 12.5) }
    }

    /// Names at the right of the lines' last points, moved apart by a line's height at most; `nil` where that does not do, a
    /// name is too long for the room, or a line ends inside the plot.
    static func atEnds(
        of series: [CurveChart.Series], x: ChartScale, y: ChartScale, within plot: ChartBox, room: Double
    ) -> [ChartLabel]? {
        var ends: [(series: CurveChart.Series, slot: Int, y: Double)] = []
        for item in series {
            guard let slot = item.slot, let last = item.points.last(where: { $0.x.isFinite && $0.y.isFinite }),
                x.position(last.x) > plot.right - 2, width(of: item.name) * 1.08 <= room - 7
            else { return nil }
            ends.append((item, slot, y.position(last.y)))
        }
        ends.sort { $0.y < $1.y }
        var labels: [ChartLabel] = []
        var next = -Double.infinity
        for end in ends {
            let place = max(end.y, next)
            guard place - end.y <= lineHeight, place <= plot.bottom else { return nil }
            labels.append(
                ChartLabel(
                    name: end.series.name, slot: end.slot, x: plot.right + 7, baseline: place + 4, anchor: "start",
                    isEnd: true))
            next = place + lineHeight
        }
        return labels
    }

    /// Names beside the last points: at the right, the left, above or below, where neither a dot nor another name is. A name
    /// without such a place is left out; its dot has it as a tooltip.
    static func besideDots(
        of series: [CurveChart.Series], x: ChartScale, y: ChartScale, within plot: ChartBox
    ) -> [ChartLabel] {
        let dots = series.filter { $0.style == .dots }.compactMap { item -> (CurveChart.Series, Int, Double, Double)? in
            guard let slot = item.slot, let last = item.points.last(where: { $0.x.isFinite && $0.y.isFinite }) else {
                return nil
            }
            return (item, slot, x.position(last.x), y.position(last.y))
        }
        var taken = dots.map { ChartBox(left: $0.2 - 6, top: $0.3 - 6, right: $0.2 + 6, bottom: $0.3 + 6) }
        // Nor should a line run through a name.
        for item in series where item.style == .step {
            let places = item.points.map { (x: x.position($0.x), y: y.position($0.y)) }
            for (from, to) in zip(places, places.dropFirst()) {
                taken.append(ChartBox(left: from.x, top: from.y - 2, right: to.x, bottom: from.y + 2))
                taken.append(
                    ChartBox(left: to.x - 2, top: min(from.y, to.y), right: to.x + 2, bottom: max(from.y, to.y)))
            }
        }
        // Names may reach a little over the plot's upper and right edge.
        let bounds = ChartBox(left: plot.left, top: plot.top - 6, right: plot.right + 12, bottom: plot.bottom)
        var labels: [ChartLabel] = []
        for (item, slot, dotX, dotY) in dots {
            let width = width(of: item.name)
            let places: [(anchor: String, x: Double, left: Double, middle: Double)] = [
                ("start", dotX + 9, dotX + 9, dotY), ("end", dotX - 9, dotX - 9 - width, dotY),
                ("middle", dotX, dotX - width / 2, dotY - 14), ("middle", dotX, dotX - width / 2, dotY + 14),
                ("start", dotX + 6, dotX + 6, dotY + 12), ("start", dotX + 6, dotX + 6, dotY - 12),
                ("end", dotX - 6, dotX - 6 - width, dotY - 12), ("end", dotX - 6, dotX - 6 - width, dotY + 12),
            ]
            for place in places {
                let box = ChartBox(
                    left: place.left, top: place.middle - 7, right: place.left + width, bottom: place.middle + 7)
                guard bounds.contains(box), !taken.contains(where: box.overlaps) else { continue }
                taken.append(box)
                labels.append(
                    ChartLabel(
                        name: item.name, slot: slot, x: place.x, baseline: place.middle + 4, anchor: place.anchor,
                        isEnd: false))
                break
            }
        }
        return labels
    }
}

/// Names with a piece of their line, in rows below a chart.
struct ChartLegend {
    let content: String
    let height: Double

    init(_ series: [CurveChart.Series], left: Double, top: Double, right: Double) {
        var (x, y) = (left, top)
        var entries: [String] = []
        let number = CurveChart.number
        for item in series {
            guard let slot = item.slot else { continue }
            let width = 32 + ChartLabel.width(of: item.name)
            if x > left, x + width > right { (x, y) = (left, y + 20) }
            entries.append(
                """
                <g class="series \(ChartPalette.classes(slot: slot))" data-series="\(slot)"><path class="line" \
                d="M\(number(x)) \(number(y + 6))h18"/><text class="label" x="\(number(x + 25))" y="\(number(y + 10))">\
                \(HTML.escaped(item.name))</text></g>
                """)
            x += width + 14
        }
        content = entries.joined()
        height = y - top + 18
    }
}
