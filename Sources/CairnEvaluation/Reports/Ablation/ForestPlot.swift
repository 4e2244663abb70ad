import CairnMetrics
import Foundation

/// Intervals drawn on one scale, a row each: a line from end to end and a dot at the estimate.
///
/// Drawn in shares of the width, so that a row fits whatever column it stands in.
struct ForestPlot {
    /// Where the row's vertical line stands: the baseline's figure, or no difference.
    let reference: Double?
    private let scale: ChartScale

    /// A scale that holds all the intervals and the reference.
    init(_ intervals: [BootstrapInterval], reference: Double?) {
        self.reference = reference
        let values = intervals.flatMap { [$0.lower, $0.upper, $0.estimate] } + (reference.map { [$0] } ?? [])
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let pad = low < high ? (high - low) * 0.04 : 0.05
        scale = ChartScale(
            CurveChart.Axis("", range: low - pad...high + pad), values: values, pixels: (0, 100))
    }

    /// One row. `emphasis` is a class for its colour.
    func row(_ interval: BootstrapInterval, emphasis: String = "") -> String {
        let (low, middle, high) = (place(interval.lower), place(interval.estimate), place(interval.upper))
        return """
            <svg class="forest \(emphasis)" width="100%" height="22" aria-hidden="true">\(line)\
            <line class="span" x1="\(low)" x2="\(high)" y1="11" y2="11"/><circle cx="\(middle)" cy="11" r="4"/></svg>
            """
    }

    /// The scale's numbers, for the column's head: the first, the last and what fits between.
    var axis: String {
        let every = max(1, (scale.ticks.count + 3) / 4)
        let texts = scale.ticks.enumerated().filter { $0.offset.isMultiple(of: every) }.map { _, tick in
            "<text x=\"\(place(tick))\" y=\"11\" text-anchor=\"middle\">\(scale.label(tick))</text>"
        }
        return "<svg class=\"forest\" width=\"100%\" height=\"15\" aria-hidden=\"true\">\(texts.joined())</svg>"
    }

    private var line: String {
        guard let reference else { return "" }
        return "<line class=\"zero\" x1=\"\(place(reference))\" x2=\"\(place(reference))\" y1=\"0\" y2=\"22\"/>"
    }

    private func place(_ value: Double) -> String { String(format: "%.2f%%", scale.position(value)) }
}
