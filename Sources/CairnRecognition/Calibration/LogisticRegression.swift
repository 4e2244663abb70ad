import Foundation

/// Platt scaling: `1 / (1 + exp(-(slope · score + intercept)))`, fitted by maximum likelihood with Platt's softened targets,
/// `(N₊ + 1) / (N₊ + 2)` for a right answer and `1 / (N₋ + 2)` for a wrong one, which keep the slope finite when scores separate
/// the two.
///
/// Source: Platt, Probabilistic outputs for support vector machines, 1999; the Newton iteration with step halving is that of
/// Lin, Lin and Weng, A note on Platt's probabilistic outputs, 2007. Deviation: a slope below `minimumSlope` is raised to it,
/// so that a higher score is never a lower probability.
public struct LogisticRegression: Sendable, Hashable {
    /// How fast log-odds grow with the score; above 0.
    public let slope: Double

    /// The log-odds at score 0.
    public let intercept: Double

    /// Fits on scores and whether each one's answer was right.
    ///
    /// - Complexity: O(n) for each of at most 200 iterations.
    /// - Throws: `RecognitionError` without scores, for counts that differ, or for a score that is not finite.
    public init(scores: [Double], correct: [Bool]) throws(RecognitionError) {
        guard !scores.isEmpty, scores.count == correct.count else {
            throw RecognitionError(
                .invalidArgument, "a calibration of \(scores.count) scores with \(correct.count) outcomes")
        }
        try RecognitionError.requireFinite(scores, "score")
        let positives = Double(correct.count(where: { $0 }))
        let negatives = Double(correct.count) - positives
        let targets = correct.map { $0 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2) }
        // Standard scores: the iteration then does not depend on the scores' scale.
        let count = Double(scores.count)
        let mean = scores.reduce(0) { $0 + $1 / count }
        let deviation = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }.squareRoot()
        let scale = deviation > 0 && deviation.isFinite ? deviation : 1
        let standard = scores.map { ($0 - mean) / scale }
        let start = (slope: 0.0, intercept: log((positives + 1) / (negatives + 1)))
        var fitted = Self.fit(standard, targets, start: start, fixedSlope: nil)
        if fitted.slope < Self.minimumSlope {
            let flat = (slope: Self.minimumSlope, intercept: start.intercept)
            fitted = Self.fit(standard, targets, start: flat, fixedSlope: Self.minimumSlope)
        }
        slope = fitted.slope / scale
        intercept = fitted.intercept - fitted.slope * mean / scale
    }

    /// Takes coefficients fitted before.
    ///
    /// - Throws: `RecognitionError` (`invalidInput`) unless both are finite and the slope is above 0.
    init(slope: Double, intercept: Double) throws(RecognitionError) {
        guard slope > 0, slope.isFinite, intercept.isFinite else {
            throw RecognitionError(
                .invalidInput, "a logistic curve needs a slope above 0, not \(slope) with intercept \(intercept)")
        }
        self.slope = slope
        self.intercept = intercept
    }

    /// The probability of a score.
    public func callAsFunction(_ score: Double) -> Double { Self.probability(slope * score + intercept) }

    /// The least slope, in log-odds for one standard deviation of the scores.
    static let minimumSlope = 1e-3

    static func probability(_ logOdds: Double) -> Double {
        if logOdds >= 0 { return 1 / (1 + exp(-logOdds)) }
        let odds = exp(logOdds)
        return odds / (1 + odds)
    }

    private static func fit(
        _ x: [Double], _ targets: [Double], start: (slope: Double, intercept: Double), fixedSlope: Double?
    ) -> (slope: Double, intercept: Double) {
        var (slope, intercept) = start
        var loss = loss(x, targets, slope, intercept)
        for _ in 0..<200 {
            // A ridge keeps the matrix invertible when all scores are one.
            var (haa, hbb, hab, ga, gb) = (1e-12, 1e-12, 0.0, 0.0, 0.0)
            for (x, target) in zip(x, targets) {
                let p = probability(slope * x + intercept)
                let (weight, error) = (p * (1 - p), p - target)
                haa += x * x * weight
                hab += x * weight
                hbb += weight
                ga += x * error
                gb += error
            }
            var (da, db) = (0.0, -gb / hbb)
            if fixedSlope == nil {
                let determinant = haa * hbb - hab * hab
                guard determinant > 0 else { break }
                da = -(hbb * ga - hab * gb) / determinant
                db = -(haa * gb - hab * ga) / determinant
            }
            var step = 1.0
            while step > 1e-10 {
                let trial = Self.loss(x, targets, slope + step * da, intercept + step * db)
                if trial < loss {
                    (slope, intercept, loss) = (slope + step * da, intercept + step * db, trial)
                    break
                }
                step /= 2
            }
            guard step > 1e-10 else { break }
        }
        return (slope, intercept)
    }

    /// The cross-entropy, in a form that does not overflow.
    private static func loss(_ x: [Double], _ targets: [Double], _ slope: Double, _ intercept: Double) -> Double {
        zip(x, targets).reduce(0) { sum, point in
            let z = slope * point.0 + intercept
            return sum + max(z, 0) - point.1 * z + log1p(exp(-abs(z)))
        }
    }
}
