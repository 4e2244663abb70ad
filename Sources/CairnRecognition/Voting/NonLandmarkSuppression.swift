/// Lowers the confidence of a photo that resembles images without a landmark.
///
/// The idea, re-ranking and filtering by similarity to out-of-domain images, won Google Landmark Recognition 2020 (Henkel and
/// Singer, arXiv 2010.01650) and came back in the third place of 2021 (Xu et al., arXiv 2110.02794): from a similarity is
/// taken the mean similarity to the five nearest non-landmarks. Here it lowers the final score of the query, whichever vote
/// gave it; it never changes which label leads.
public struct NonLandmarkSuppression: Sendable, Hashable {
    /// How a score is lowered.
    public enum Form: String, Sendable, Codable, CaseIterable {
        /// `score - weight · penalty`.
        case subtract
        /// `score · (1 - weight · penalty)`, the factor at least 0: for similarities in 0...1.
        case scale
    }

    /// How many of the nearest non-landmarks count.
    public let count: Int

    /// How strongly they count; 0 does nothing.
    public let weight: Double

    /// How a score is lowered.
    public let form: Form

    /// Makes the suppression.
    ///
    /// - Throws: `RecognitionError` (`invalidArgument`) for a count below 1, or a weight outside 0...100.
    public init(count: Int = 5, weight: Double = 1, form: Form = .subtract) throws(RecognitionError) {
        guard count >= 1, weight >= 0, weight <= 100 else {
            throw RecognitionError(
                .invalidArgument,
                "suppression needs at least 1 non-landmark and a weight from 0 to 100, not \(count) and \(weight)")
        }
        self.count = count
        self.weight = weight
        self.form = form
    }

    /// The mean strength of the `count` strongest non-landmarks, or of as many as there are; 0 without any, and never below
    /// 0: being unlike them is no merit.
    public func penalty(_ strengths: [Double]) -> Double {
        let nearest = strengths.sorted(by: >).prefix(count)
        return nearest.isEmpty ? 0 : max(0, nearest.reduce(0, +) / Double(nearest.count))
    }

    /// A score lowered by a penalty.
    public func suppressed(_ score: Double, penalty: Double) -> Double {
        switch form {
        case .subtract: score - weight * penalty
        case .scale: score * max(0, 1 - weight * penalty)
        }
    }
}
