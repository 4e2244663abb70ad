import Foundation

/// Joins what geometric verification found with the similarity of descriptors.
///
/// `min(inliers, cap) / cap` is a geometric score in 0...1. The public baseline of Google Landmark Recognition 2020, made with
/// DELG (Cao, Araujo and Sim, ECCV 2020), adds it to the similarity, with a cap of 35; later solutions took up to 70. Pairs
/// that were not verified count as having no inliers.
public struct GeometricEvidence: Sendable, Hashable {
    /// How the two are joined.
    public enum Form: String, Sendable, Codable, CaseIterable {
        /// `similarity + weight · geometry`: what was not verified keeps its similarity.
        case add
        /// `similarity · geometry^weight`: what was not verified counts nothing.
        case multiply
    }

    /// Inliers beyond this make a candidate no stronger.
    public let cap: Int

    /// How strongly geometry counts.
    public let weight: Double

    /// How the two are joined.
    public let form: Form

    /// Makes the rule.
    ///
    /// - Throws: `RecognitionError` (`invalidArgument`) for a cap below 1, or a weight outside 0...100.
    public init(cap: Int = 35, weight: Double = 1, form: Form = .add) throws(RecognitionError) {
        guard cap >= 1, weight >= 0, weight <= 100 else {
            throw RecognitionError(
                .invalidArgument,
                "geometric evidence needs a cap of at least 1 inlier and a weight from 0 to 100, not \(cap) and \(weight)"
            )
        }
        self.cap = cap
        self.weight = weight
        self.form = form
    }

    /// `min(inliers, cap) / cap`, in 0...1.
    public func geometry(inliers: Int?) -> Double { Double(min(max(inliers ?? 0, 0), cap)) / Double(cap) }

    /// The strength of a candidate.
    public func strength(similarity: Double, inliers: Int?) -> Double {
        let geometry = geometry(inliers: inliers)
        switch form {
        case .add: return similarity + weight * geometry
        case .multiply: return similarity * power(geometry)
        }
    }

    /// The strengths of candidates.
    public func strengths(_ candidates: [RecognitionCandidate]) -> [Double] {
        candidates.map { strength(similarity: Double($0.similarity), inliers: $0.inliers) }
    }

    /// The strengths of non-landmarks.
    public func strengths(_ neighbors: [NonLandmarkNeighbor]) -> [Double] {
        neighbors.map { strength(similarity: Double($0.similarity), inliers: $0.inliers) }
    }

    /// Candidates by inliers, then similarity, then row: the usual geometric re-ranking.
    public static func order(_ candidates: [RecognitionCandidate]) -> [RecognitionCandidate] {
        candidates.sorted {
            let inliers = ($0.inliers ?? 0, $1.inliers ?? 0)
            if inliers.0 != inliers.1 { return inliers.0 > inliers.1 }
            return $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row
        }
    }

    private func power(_ geometry: Double) -> Double { weight == 1 ? geometry : pow(geometry, weight) }
}
