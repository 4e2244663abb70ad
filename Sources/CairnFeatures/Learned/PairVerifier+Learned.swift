import CairnCore
import CairnGeometry

extension PairVerifier {
    /// Verifies what a network matched, without a second matching: the network has seen both images already.
    ///
    /// Throws `GeometryError` where positions are no numbers.
    public func verify(
        _ matches: [LearnedMatch], query: LearnedKeypoints, candidate: LearnedKeypoints
    ) throws -> Outcome {
        try verify(
            matches.correspondences(query: query, candidate: candidate),
            sizes: (query.imageSize, candidate.imageSize)
        ) { place in
            DescriptorMatch(
                query: Int32(matches[place].query), candidate: Int32(matches[place].candidate),
                distance: SquaredDistance(0),
                ratio: 1 - matches[place].confidence)
        }
    }

    /// Verifies points that a network found in both images; an inlier's indices are both the match's.
    ///
    /// Throws `GeometryError` where positions are no numbers.
    public func verify(
        _ matches: [PointMatch], querySize: ImageSize, candidateSize: ImageSize
    ) throws -> Outcome {
        try verify(matches.map(\.correspondence), sizes: (querySize, candidateSize)) { place in
            DescriptorMatch(
                query: Int32(place), candidate: Int32(place), distance: SquaredDistance(0),
                ratio: 1 - matches[place].confidence)
        }
    }

    private func verify(
        _ correspondences: [Correspondence], sizes: (ImageSize, ImageSize), _ match: (Int) -> DescriptorMatch
    ) throws -> Outcome {
        let verifier = try GeometricVerifier(configuration: configuration.verification)
        guard
            let model = try verifier.verify(correspondences, sourceSize: sizes.0, targetSize: sizes.1)
        else { return Outcome(matchCount: correspondences.count, evidence: nil) }
        return Outcome(
            matchCount: correspondences.count,
            evidence: PairEvidence(
                matchCount: correspondences.count, model: model, inliers: model.inliers.map(match),
                lines: model.inliers.map { correspondences[$0] }))
    }
}
