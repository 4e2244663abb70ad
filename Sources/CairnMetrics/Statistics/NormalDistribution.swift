import Foundation

/// The standard normal distribution, as far as intervals need it.
enum NormalDistribution {
    /// Φ(x).
    static func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

    /// Φ⁻¹(p), infinite at 0 and 1. Bisected: three calls an interval do not need a rational approximation.
    static func quantile(_ p: Double) -> Double {
        guard p > 0 else { return -.infinity }
        guard p < 1 else { return .infinity }
        // Φ is more exact at its lower end.
        if p > 0.5 { return -quantile(1 - p) }
        var low = -40.0
        var high = 0.0
        while true {
            let middle = (low + high) / 2
            if middle == low || middle == high { return high }
            if cumulative(middle) < p { low = middle } else { high = middle }
        }
    }
}
