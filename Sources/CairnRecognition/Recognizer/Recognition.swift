/// What a photo shows, how sure that is, and what speaks for it.
public struct Recognition: Sendable, Hashable, Codable {
    /// What speaks for one label, part by part.
    public struct Label: Sendable, Hashable, Codable {
        /// The landmark.
        public var label: String
        /// The final score: `vote` less the suppression, or the boosted probability.
        public var score: Double
        /// The vote on the scale of one candidate's strength (for soft voting the root of `Σ s^power`); for a boosted
        /// recognition the sum of its candidates' class probabilities.
        public var vote: Double
        /// The largest similarity among its candidates, as measured.
        public var similarity: Float
        /// The most inliers among its candidates; nil when none was verified.
        public var inliers: Int?
        /// How much of the best candidate's strength comes from inliers.
        public var geometry: Double
        /// The rows of its candidates that voted, strongest first: the images to show.
        public var rows: [Int]
    }

    /// Why there is no label.
    public enum Rejection: String, Sendable, Codable {
        /// Nothing labelled resembles the photo at all: there were no candidates.
        case noCandidates
        /// The best label's score does not exceed the threshold.
        case belowThreshold
    }

    /// The landmark; nil for “none of these”.
    public var label: String?

    /// Why there is none.
    public var rejection: Rejection?

    /// The probability that the best label is right, whether or not it was accepted; 0 without candidates, nil when no model
    /// was fitted.
    public var probability: Double?

    /// The best label's score; nil without candidates.
    public var score: Double?

    /// The score that had to be exceeded; nil when no model was fitted, or when every score is accepted.
    public var threshold: Double?

    /// What was taken off for similarity to non-landmarks, before its weight; 0 without suppression.
    public var penalty: Double

    /// The largest similarity to an image without a landmark, as measured; nil when there was none.
    public var nonLandmarkSimilarity: Float?

    /// The boosted re-ranker's probability that the photo shows no landmark; nil without one.
    public var nonLandmarkProbability: Double?

    /// The boosted re-ranker's probability that it shows a landmark that is none of the candidates; nil without one.
    public var otherLandmarkProbability: Double?

    /// All labels among the candidates, best first.
    public var labels: [Label]

    /// The best label, accepted or not.
    public var best: Label? { labels.first }
}
