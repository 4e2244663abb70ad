import Foundation

/// What the boosted re-ranker sees of a query: a fixed list of numbers, named and versioned.
///
/// The first five candidates, strongest first by similarity plus `min(inliers, 35) / 35`, give seven numbers each; then come
/// numbers of the whole query. What is not known (no such candidate, not verified, no non-landmark) is NaN. The kinds are those
/// that the gold-medal solution of Google Landmark Recognition 2021 names: inliers, similarities to index and to non-landmark
/// images, votes.
public enum BoostingFeatures {
    /// Changes with the meaning of any feature; a model of another version is refused.
    public static let version = 1

    /// How many candidates the features, and the classes, are about.
    public static let candidateCount = 5

    /// The names, in the order of `values(for:)`.
    public static let names: [String] = {
        let each = ["similarity", "inliers", "strength", "vote", "vote_share", "label_share", "margin"]
        let query = [
            "non_landmark_similarity", "non_landmark_mean", "non_landmark_inliers", "non_landmark_margin",
            "candidates", "labels", "verified", "similarity_spread",
        ]
        return (0..<candidateCount).flatMap { place in each.map { "top\(place)_\($0)" } } + query
    }()

    /// How many candidates shares are counted in.
    static let shareCount = 10

    private static let geometry: GeometricEvidence? = try? GeometricEvidence()
    private static let voting: SoftVoting? = try? SoftVoting()

    /// The candidates that classes 0 to 4 stand for: at most five, strongest first.
    public static func candidates(of evidence: RecognitionEvidence) -> [RecognitionCandidate] {
        Array(ordered(evidence).prefix(candidateCount))
    }

    /// The features of a query: `names.count` numbers.
    ///
    /// - Complexity: O(n log n) in its candidates.
    public static func values(for evidence: RecognitionEvidence) -> [Float] {
        let all = ordered(evidence)
        let votes = voting?.rank(evidence.candidates) ?? []
        let scores = Dictionary(votes.map { ($0.label, $0.score) }, uniquingKeysWith: { first, _ in first })
        let total = votes.reduce(0) { $0 + $1.score }
        let first = all.prefix(shareCount)
        var values: [Double] = []
        for place in 0..<candidateCount {
            guard place < all.count else {
                values += [Double](repeating: .nan, count: 7)
                continue
            }
            let candidate = all[place]
            let vote = scores[candidate.label] ?? 0
            values += [
                Double(candidate.similarity), candidate.inliers.map(Double.init) ?? .nan, strength(candidate), vote,
                total > 0 ? vote / total : .nan,
                Double(first.count(where: { $0.label == candidate.label })) / Double(first.count),
                strength(all[0]) - strength(candidate),
            ]
        }
        let others = evidence.nonLandmarks
        let nearest = others.first.map { Double($0.similarity) } ?? .nan
        let near = others.prefix(5).map { Double($0.similarity) }
        let best = evidence.candidates.first.map { Double($0.similarity) } ?? .nan
        let last = first.map { Double($0.similarity) }.min() ?? .nan
        values += [
            nearest, near.isEmpty ? .nan : near.reduce(0, +) / Double(near.count),
            others.compactMap(\.inliers).max().map(Double.init) ?? .nan, best - nearest, Double(all.count),
            Double(Set(first.map(\.label)).count), Double(all.count(where: { $0.inliers != nil })), best - last,
        ]
        return values.map(Float.init)
    }

    private static func ordered(_ evidence: RecognitionEvidence) -> [RecognitionCandidate] {
        evidence.candidates.sorted {
            let (left, right) = (strength($0), strength($1))
            return left != right ? left > right : $0.row < $1.row
        }
    }

    private static func strength(_ candidate: RecognitionCandidate) -> Double {
        geometry?.strength(similarity: Double(candidate.similarity), inliers: candidate.inliers)
            ?? Double(candidate.similarity)
    }
}
