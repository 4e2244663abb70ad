import Foundation

/// An axis laid out over pixels: where values go, and which are written.
struct ChartScale {
    let scale: CurveChart.Scale
    /// The axis' ends in its own units.
    let range: ClosedRange<Double>
    /// Where the ends lie, in pixels.
    let pixels: (low: Double, high: Double)
    /// Values that get a line and a number.
    let ticks: [Double]

    init(_ axis: CurveChart.Axis, values: [Double], pixels: (low: Double, high: Double)) {
        scale = axis.scale
        self.pixels = pixels
        let finite = values.filter { $0.isFinite && (axis.scale == .linear || $0 > 0) }
        switch axis.scale {
        case .linear:
            let low = axis.range?.lowerBound ?? finite.min() ?? 0
            let high = axis.range?.upperBound ?? finite.max() ?? 1
            // A single value stands in the middle.
            let pad = low < high ? 0 : max(abs(low) * 0.1, 0.1)
            let step = Self.niceStep((high - low + 2 * pad) / 5)
            if axis.range == nil {
                range = ((low - pad) / step).rounded(.down) * step...((high + pad) / step).rounded(.up) * step
            } else {
                range = low - pad...high + pad
            }
            let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
            let last = Int((range.upperBound / step + 1e-9).rounded(.down))
            ticks = stride(from: first, through: last, by: 1).map { Double($0) * step }
        case .logarithmic:
            let low = max(axis.range?.lowerBound ?? finite.min() ?? 0.001, 1e-12)
            let high = max(axis.range?.upperBound ?? finite.max() ?? 1, low)
            let isGiven = axis.range != nil && low < high
            range = isGiven ? low...high : Self.round(low, down: true)...Self.round(high, down: false)
            ticks = Self.decadeTicks(range)
        }
    }

    /// Where a value goes, kept within the axis.
    func position(_ value: Double) -> Double {
        let (low, high) = (range.lowerBound, range.upperBound)
        let clamped = min(max(value, low), high)
        let share = scale == .linear ? (clamped - low) / (high - low) : log(clamped / low) / log(high / low)
        return pixels.low + share * (pixels.high - pixels.low)
    }

    /// A tick's number, with as many decimals as the ticks need: "0.25", "100", "20k".
    func label(_ tick: Double) -> String {
        let size = abs(tick)
        if size >= 10_000 {
            return size >= 1e6
                ? Self.trimmed(tick / 1e6, decimals: 1) + "M" : Self.trimmed(tick / 1000, decimals: 1) + "k"
        }
        if scale == .logarithmic { return Self.trimmed(tick, decimals: 12) }
        let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
        let decimals = max(0, -Int(log10(step * 1.0001).rounded(.down)))
        return String(format: "%.\(decimals)f", tick == 0 ? 0 : tick)
    }

    /// 1, 2 or 5 times a power of ten, the next above.
    static func niceStep(_ step: Double) -> Double {
        guard step > 0, step.isFinite else { return 0.2 }
        let power = pow(10, log10(step).rounded(.down))
        let lead = step / power
        return (lead <= 1.0001 ? 1 : lead <= 2.0001 ? 2 : lead <= 5.0001 ? 5 : 10) * power
    }

    /// 1, 2 or 5 times a power of ten beyond a value, by 5 % of it at least.
    private static func round(_ value: Double, down: Bool) -> Double {
        let beyond = down ? value * 0.95 : value * 1.05
        let power = pow(10, log10(beyond).rounded(.down))
        let lead = beyond / power
        if down { return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power }
        return (lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power
    }

    private static func decadeTicks(_ range: ClosedRange<Double>) -> [Double] {
        let first = Int(log10(range.lowerBound).rounded(.down))
        let last = Int(log10(range.upperBound).rounded(.up))
        let span = log10(range.upperBound / range.lowerBound)
        let leads: [Double] = span <= 3.2 ? [1, 2, 5] : [1]
        let every = max(1, Int((span / 7).rounded(.up)))
        return stride(from: first, through: last, by: every).flatMap { power in
            leads.map { $0 * pow(10, Double(power)) }
        }
        .filter { $0 >= range.lowerBound * 0.999_999 && $0 <= range.upperBound * 1.000_001 }
    }

    private static func trimmed(_ value: Double, decimals: Int) -> String {
        var text = String(format: "%.\(decimals)f", value)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
