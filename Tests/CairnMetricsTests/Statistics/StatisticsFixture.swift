@testable import CairnMetrics

/// Figures of 24 queries by two systems, equal on the fourth and the tenth, and 24 skewed numbers.
///
/// The intervals and p-values expected of them come from SciPy 1.17.1: `scipy.stats.bootstrap(..., n_resamples=400000,
/// random_state=1)` with `method="percentile"` and `"BCa"`, and `scipy.stats.permutation_test(..., permutation_type="samples")`.
enum StatisticsFixture {
    static let baseline = [
        0.5417, 0.6834, 0.7681, 0.6511, 0.8135, 0.8783, 0.6518, 0.4086, 0.834, 0.9433, 0.4914, 0.6479, 0.9562, 0.6403,
        0.9348,
        0.5242, 0.3935, 0.6577, 0.7791, 0.6567, 0.8845, 0.4477, 0.8352, 0.1879,
    ]

    static let system = [
        0.5414, 0.8173, 0.7696, 0.6511, 0.7688, 0.8919, 0.6058, 0.4115, 0.9312, 0.9433, 0.5562, 0.6969, 0.9387, 0.5546,
        0.9706,
        0.5118, 0.4421, 0.6894, 0.9372, 0.6676, 0.8326, 0.492, 0.8828, 0.3266,
    ]

    static let skewed = [
        0.848, 0.5256, 1.5893, 0.1121, 0.194, 0.1456, 0.2491, 0.0929, 0.6943, 0.2946, 0.0845, 0.1332, 0.5033, 0.8505,
        2.7094,
        6.7792, 0.5568, 0.1368, 0.0436, 0.4808, 0.1632, 0.2428, 0.1995, 0.3196,
    ]

    /// Whether both ends are within `tolerance` of what is expected.
    static func isNear(_ interval: BootstrapInterval?, _ expected: (Double, Double), tolerance: Double) -> Bool {
        guard let interval else { return false }
        return abs(interval.lower - expected.0) < tolerance && abs(interval.upper - expected.1) < tolerance
    }

    /// An interval by the book, from resampled figures and those without each query, sharing nothing but the definitions.
    static func interval(
        _ resampled: [Double], estimate: Double, leftOut: [Double], level: Double, isCorrected: Bool
    ) -> (Double, Double) {
        func quantile(_ share: Double) -> Double {
            let sorted = resampled.sorted()
            let place = share * Double(sorted.count - 1)
            let low = sorted[Int(place)]
            let high = sorted[min(sorted.count - 1, Int(place) + 1)]
            return low * (1 - (place - Double(Int(place)))) + high * (place - Double(Int(place)))
        }
        guard isCorrected else { return (quantile((1 - level) / 2), quantile((1 + level) / 2)) }
        let normal = NormalDistribution.self
        let less = resampled.filter { $0 < estimate }.count
        let notMore = resampled.filter { $0 <= estimate }.count
        let z0 = normal.quantile(Double(less + notMore) / Double(2 * resampled.count))
        let n = Double(leftOut.count)
        let mean = leftOut.reduce(0, +) / n
        let influences = leftOut.map { (n - 1) * (mean - $0) }
        let cubes = influences.map { $0 * $0 * $0 }.reduce(0, +) / (n * n * n)
        let squares = influences.map { $0 * $0 }.reduce(0, +) / (n * n)
        let a = cubes / (6 * squares * squares.squareRoot())
        func share(_ z: Double) -> Double { normal.cumulative(z0 + (z0 + z) / (1 - a * (z0 + z))) }
        let z = normal.quantile((1 + level) / 2)
        return (quantile(share(-z)), quantile(share(z)))
    }
}
