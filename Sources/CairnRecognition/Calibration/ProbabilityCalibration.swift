import CairnCore

/// Turns a score into the probability that its answer is right.
///
/// The probability grows strictly with the score, as far as floating point tells scores apart, and is never 0 or 1: so a
/// ranking by probability is the ranking by score. Few samples take the logistic curve, which has two parameters and
/// cannot follow noise; from `automaticIsotonicCount` on isotonic regression assumes less. Its steps are flat: the curve used
/// is `(1 - ε) · isotonic + ε · logistic` with ε = 1/(n + 2), the weight of one observation, which makes it strict.
public struct ProbabilityCalibration: Sendable, Hashable {
    /// The kind of curve.
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// `logistic` for fewer than 1,000 samples, else `isotonic`.
        case automatic
        /// Platt scaling.
        case logistic
        /// Isotonic regression, made strict.
        case isotonic
    }

    /// Where `automatic` changes: below, isotonic regression tends to overfit (scikit-learn's user guide says the same).
    public static let automaticIsotonicCount = 1000

    /// How many samples it was fitted on.
    public let sampleCount: Int

    /// How many of them were right.
    public let correctCount: Int

    /// The logistic curve.
    public let logistic: LogisticRegression

    /// The isotonic curve, where that is used.
    public let isotonic: IsotonicRegression?

    /// Fits on scores and whether each one's answer was right.
    ///
    /// - Complexity: O(n log n).
    /// - Throws: `RecognitionError` without scores, for counts that differ, or for a score that is not finite.
    public init(scores: [Double], correct: [Bool], method: Method = .automatic) throws(RecognitionError) {
        logistic = try LogisticRegression(scores: scores, correct: correct)
        sampleCount = scores.count
        correctCount = correct.count(where: { $0 })
        let usesIsotonic =
            switch method {
            case .automatic: scores.count >= Self.automaticIsotonicCount
            case .logistic: false
            case .isotonic: true
            }
        isotonic = usesIsotonic ? try IsotonicRegression(x: scores, y: correct.map { $0 ? 1 : 0 }) : nil
    }

    /// The probability of a score, in 0...1.
    ///
    /// - Complexity: O(log n).
    public func callAsFunction(_ score: Double) -> Double {
        let smooth = logistic(score)
        guard let isotonic else { return smooth }
        let share = 1 / Double(sampleCount + 2)
        return (1 - share) * isotonic(score) + share * smooth
    }
}

extension ProbabilityCalibration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case sampleCount, correctCount, slope, intercept, isotonicPlaces, isotonicValues
    }

    /// Reads what was fitted; no key beside its own is allowed.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a probability calibration")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        sampleCount = try values.decode(Int.self, forKey: .sampleCount)
        correctCount = try values.decode(Int.self, forKey: .correctCount)
        guard (0...(1 << 40)).contains(sampleCount), (0...sampleCount).contains(correctCount) else {
            throw RecognitionError(.invalidInput, "\(correctCount) right answers of \(sampleCount) cannot be")
        }
        logistic = try LogisticRegression(
            slope: values.decode(Double.self, forKey: .slope), intercept: values.decode(Double.self, forKey: .intercept)
        )
        let places = try values.decodeIfPresent([Double].self, forKey: .isotonicPlaces)
        isotonic = try places.map {
            let steps = try values.decode([Double].self, forKey: .isotonicValues)
            guard steps.allSatisfy({ (0...1).contains($0) }) else {
                throw RecognitionError(.invalidInput, "an isotonic probability is outside 0...1")
            }
            return try IsotonicRegression(places: $0, values: steps)
        }
    }

    /// Writes what was fitted.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(sampleCount, forKey: .sampleCount)
        try values.encode(correctCount, forKey: .correctCount)
        try values.encode(logistic.slope, forKey: .slope)
        try values.encode(logistic.intercept, forKey: .intercept)
        try values.encodeIfPresent(isotonic?.places, forKey: .isotonicPlaces)
        try values.encodeIfPresent(isotonic?.values, forKey: .isotonicValues)
    }
}
