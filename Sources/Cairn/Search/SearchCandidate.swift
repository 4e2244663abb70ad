import CairnCore
import CairnFeatures

/// An image on its way through the stages of a search.
struct SearchCandidate: Sendable {
    let id: ImageID
    /// The inverted file's score and count.
    var similarity: Float = 0
    var wordCount = 0
    /// Matches with the query before verification; `nil` when it was not verified.
    var matchCount: Int?
    var evidence: PairEvidence?
    /// Score by way of another image, and which.
    var expansion: Float = 0
    var via: ImageID?

    /// Inliers dominate; the similarity, kept below one, orders images with equally many.
    var score: Float {
        max(Float(evidence?.score ?? 0), expansion) + similarity / (1 + similarity)
    }

    /// Best first; among equals the lower number first.
    func precedes(_ other: SearchCandidate) -> Bool {
        score != other.score ? score > other.score : id < other.id
    }
}
