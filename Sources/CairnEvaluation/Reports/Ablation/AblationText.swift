import CairnMetrics
import Foundation

/// How the ablation's pages write numbers: three digits everywhere, so that columns compare.
enum AblationText {
    /// What stands where there is no number.
    static let none = "–"

    /// "0.842".
    static func figure(_ value: Double) -> String {
        guard value.isFinite else { return none }
        let text = String(format: "%.3f", value)
        return text == "-0.000" ? "0.000" : text
    }

    /// "+0.035", "−0.012", "0.000".
    static func difference(_ value: Double) -> String {
        let text = figure(abs(value))
        if text == "0.000" || text == none { return text }
        return (value < 0 ? "−" : "+") + text
    }

    /// "0.801–0.879".
    static func range(_ interval: BootstrapInterval) -> String {
        interval.queries < 2 ? none : "\(figure(interval.lower))–\(figure(interval.upper))"
    }

    /// "+0.012 to +0.059".
    static func differenceRange(_ interval: BootstrapInterval) -> String {
        "\(difference(interval.lower)) to \(difference(interval.upper))"
    }

    /// "< 0.001", "0.034", "1.000".
    static func pValue(_ value: Double) -> String { value < 0.001 ? "< 0.001" : figure(value) }

    /// "41.2", "0.183": milliseconds with three digits.
    static func milliseconds(_ value: Double) -> String {
        guard value.isFinite, value >= 0 else { return none }
        return String(format: value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value)
    }

    /// "8.19 kB", "512 B", by powers of 1,000.
    static func bytes(_ value: Double) -> String {
        guard value.isFinite, value >= 0 else { return none }
        if value < 1000 { return String(format: "%.0f B", value) }
        let (scaled, unit) =
            value < 999_500 ? (value / 1e3, "kB") : value < 999.5e6 ? (value / 1e6, "MB") : (value / 1e9, "GB")
        return String(format: scaled >= 100 ? "%.0f %@" : scaled >= 10 ? "%.1f %@" : "%.2f %@", scaled, unit)
    }

    /// "10,000".
    static func count(_ value: Int) -> String {
        var digits = String(value)
        var place = digits.count - 3
        while place > 0, digits[digits.index(digits.startIndex, offsetBy: place - 1)].isNumber {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return digits
    }

    /// "95 %".
    static func level(_ level: Double) -> String {
        let percent = level * 100
        return String(format: abs(percent - percent.rounded()) < 1e-9 ? "%.0f %%" : "%.1f %%", percent)
    }
}

extension AblationReport.Variant {
    /// Milliseconds of a typical query in all, the sum of its steps' medians; `nil` where none was measured.
    var medianMilliseconds: Double? {
        guard extraction != nil || search != nil else { return nil }
        return (extraction?.median ?? 0) + (search?.median ?? 0)
    }

    /// "41.2 + 3.10": extraction and search.
    var timesText: String {
        guard medianMilliseconds != nil else { return AblationText.none }
        let steps = [extraction, search].map { $0.map { AblationText.milliseconds($0.median) } ?? AblationText.none }
        return steps.joined(separator: " + ")
    }

    /// A figure by its name.
    func figure(_ name: String) -> Double? { figures.first { $0.name == name }?.value }
}

extension AblationReport {
    /// The names of the other figures of all variants, each once, in the order in which they come first.
    var figureNames: [String] {
        var names: [String] = []
        for name in variants.flatMap(\.figures).map(\.name) where name != headline && !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// "115 queries", or "112 of 115 queries" where a variant leaves out some.
    var queriesText: String {
        let scored = variants.map { $0.perQuery.count { $0 != nil } }
        guard let most = scored.max(), let least = scored.min(), least < queries.count || most < queries.count else {
            return HTML.count(queries.count, "query").replacing("querys", with: "queries")
        }
        return least == most
            ? "\(most) of \(queries.count) queries scored" : "\(least) to \(most) of \(queries.count) queries scored"
    }
}
