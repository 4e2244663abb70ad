import Foundation

/// How numbers of a run are written.
enum TrainingText {
    /// Four significant digits: "4.321", "0.01", "213", "1.2e-05"; "NaN" and "∞" as such.
    static func figure(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "−∞" : "∞" }
        if abs(value) >= 1000 { return String(format: "%.0f", value) }
        return String(format: "%.4g", value)
    }

    /// "31.2 %".
    static func percent(_ share: Double) -> String {
        share.isFinite ? String(format: "%.1f %%", 100 * share) : figure(share)
    }

    /// "2.14 GB", by powers of 1,000.
    static func bytes(_ count: Int) -> String {
        let value = Double(count)
        return value < 1e9 ? String(format: "%.0f MB", value / 1e6) : String(format: "%.2f GB", value / 1e9)
    }
}
