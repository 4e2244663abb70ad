import CairnCore
import CairnImaging
import CairnRecognition

/// What a photo shows, and why.
public struct RecognitionAnswer: Codable, Sendable {
    /// A label with what speaks for it.
    public struct Candidate: Codable, Sendable {
        /// The label.
        public var label: String
        /// What to call it, where the label is a code.
        public var title: String?
        /// What candidates are ordered by.
        public var score: Double
        /// The score in parts.
        public var parts: Recognition.Label
        /// Where the landmark is.
        public var place: GPSPosition?
    }

    /// An image of the collection that speaks for a label, or against all of them.
    public struct Photo: Codable, Sendable {
        /// Its number.
        public var id: ImageID
        /// Where it lies.
        public var path: String
        /// Its label; `nil` for a non-landmark.
        public var label: String?
        /// How similar it is.
        public var similarity: Float
        /// Inliers of the geometric verification; `nil` where it did not run.
        public var inliers: Int?
        /// Where it was taken.
        public var place: GPSPosition?
    }

    /// The photo asked about.
    public var query: String

    /// The landmark; `nil` for none of these.
    public var label: String?

    /// What to call it, where the label is a code.
    public var title: String?

    /// The probability that the best label is right, whether or not it was accepted; `nil` when nothing was calibrated.
    public var probability: Double?

    /// The score that had to be exceeded; `nil` when nothing was calibrated.
    public var threshold: Double?

    /// The share of photos of no landmark that may be accepted at this threshold; `nil` when nothing was calibrated.
    public var falseAcceptRate: Double?

    /// Why there is no label.
    public var rejection: Recognition.Rejection?

    /// Where the landmark is, as far as that is known.
    public var place: GPSPosition?

    /// Where the photo says it was taken.
    public var queryPlace: GPSPosition?

    /// What similarity to non-landmarks took off.
    public var penalty: Double

    /// The boosted re-ranker's probability that the photo shows no landmark; `nil` without one.
    public var nonLandmarkProbability: Double?

    /// The boosted re-ranker's probability that it shows another landmark than the candidates; `nil` without one.
    public var otherLandmarkProbability: Double?

    /// The labels, best first.
    public var candidates: [Candidate]

    /// Images that speak for the best labels: those of the best first.
    public var evidence: [Photo]

    /// The most similar images that show no landmark.
    public var nonLandmarks: [Photo]

    /// Milliseconds of each step.
    public var timings: [String: Double]

    /// The probability at the threshold, to draw both on one scale; `nil` when nothing was calibrated.
    public var thresholdProbability: Double?

    private enum CodingKeys: String, CodingKey {
        case query, label, title, probability, threshold
        case falseAcceptRate = "false_accept_rate"
        case rejection, place
        case queryPlace = "query_place"
        case penalty, candidates, evidence
        case nonLandmarkProbability = "non_landmark_probability"
        case otherLandmarkProbability = "other_landmark_probability"
        case nonLandmarks = "non_landmarks"
        case timings = "timings_ms"
        case thresholdProbability = "threshold_probability"
    }
}
