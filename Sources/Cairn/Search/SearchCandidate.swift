import CairnCore
import CairnFeatures

/// An image on its way through the stages of a search.
struct SearchCandidate: Sendable {
    let id: ImageID
    /// The inverted file's score and count, and the place on its list; `nil` when it did not propose the image.
    var similarity: Float = 0
    var wordCount = 0
    var localRank: Int?
    /// Similarity of the global descriptors, and the place on the list by it; `nil` when it is not known, or the list did not
    /// reach the image.
    var globalSimilarity: Float?
    var globalRank: Int?
    /// What re-ranking gave it, and its standing by that: from 1 for the first towards 0, and below 0 for what it did not reach.
    /// `nil` where none was asked for.
    var reranked: Float?
    var standing: Float?
    /// Matches with the query before verification; `nil` when it was not verified.
    var matchCount: Int?
    var evidence: PairEvidence?
    /// Score by way of another image, and which.
    var expansion: Float = 0
    var via: ImageID?

    /// What orders images that nothing verifies, from 0 to less than 1: a cosine, brought there from [-1, 1], or in the upper
    /// half the standing after re-ranking.
    var globalOrder: Float {
        // Rounding must not let it reach the next inlier; nor may a large collection's first standings become one.
        if let standing { return 0.999 * (1 + standing) / 2 }
        let similarity = min(0.999, max(0, (1 + (globalSimilarity ?? -1)) / 2))
        return similarity
    }

    /// Inliers, directly or by way of another image.
    var inlierScore: Float { max(Float(evidence?.score ?? 0), expansion) }
}

/// What candidates are ordered by.
enum RankingRule: Sendable {
    /// Inliers dominate; the inverted file's similarity, kept below one, orders images with equally many.
    case local
    /// Global similarity alone.
    case global
    /// Images with enough inliers, directly or by way of another, come first by inliers; the rest follow by global similarity.
    case fused(verifiedInliers: Int)

    /// Higher is better. The stages' numbers, put on one scale: whole inliers, and below one what orders equals.
    func score(_ candidate: SearchCandidate) -> Float {
        switch self {
        case .local:
            return candidate.inlierScore + candidate.similarity / (1 + candidate.similarity)
        case .global:
            return candidate.standing ?? candidate.globalSimilarity ?? -1
        case .fused(let verifiedInliers):
            let isVerified = (candidate.evidence?.score ?? 0) >= verifiedInliers || candidate.expansion > 0
            return isVerified ? candidate.inlierScore + candidate.globalOrder : candidate.globalOrder
        }
    }
}
