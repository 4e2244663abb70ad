import Foundation

/// The standard normal distribution.
enum NormalDistribution {
    /// The value below which a share `probability` lies; infinite at 0 and 1.
    ///
    /// Acklam's rational approximation (relative error 1.2e-9), then one step of Halley's method on `erfc`: within about
    /// 1e-14.
    static func quantile(_ probability: Double) -> Double {
        if probability <= 0 { return -.infinity }
        if probability >= 1 { return .infinity }
        // Both tails are computed in the lower one, where probabilities keep their digits.
        guard probability <= 0.5 else { return -quantile(1 - probability) }
        let start = approximation(probability)
        let error = erfc(-start / 2.0.squareRoot()) / 2 - probability
        let step = error * (2 * Double.pi).squareRoot() * exp(start * start / 2)
        return start - step / (1 + start * step / 2)
    }

    /// For probabilities of at most a half.
    private static func approximation(_ probability: Double) -> Double {
        let a = [
            -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
            -3.066479806614716e+01, 2.506628277459239e+00,
        ]
        let b = [
            -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
            -1.328068155288572e+01, 1,
        ]
        let c = [
            -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
            4.374664141464968e+00, 2.938163982698783e+00,
        ]
        let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1]
        if probability < 0.02425 {
            let q = (-2 * log(probability)).squareRoot()
            return polynomial(c, q) / polynomial(d, q)
        }
        let q = probability - 0.5
        return q * polynomial(a, q * q) / polynomial(b, q * q)
    }

    /// Coefficients of the highest power first.
    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }
}
