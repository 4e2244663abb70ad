import CairnCore
import CairnGeometry

/// Two keypoints that a network holds to be the same point: one of the query, one of the candidate.
public struct LearnedMatch: Hashable, Sendable {
    /// Index of the query's keypoint.
    public var query: Int
    /// Index of the candidate's keypoint.
    public var candidate: Int
    /// How sure the network is, in [0, 1].
    public var confidence: Float

    /// Makes a match.
    public init(query: Int, candidate: Int, confidence: Float) {
        self.query = query
        self.candidate = candidate
        self.confidence = confidence
    }

    /// Whether this one is tried before `other`: the surer first, then the lower indices.
    static func precedes(_ a: LearnedMatch, _ b: LearnedMatch) -> Bool {
        if a.confidence != b.confidence { return a.confidence > b.confidence }
        return (a.query, a.candidate) < (b.query, b.candidate)
    }
}

extension Array where Element == LearnedMatch {
    /// The matches as positions, in the same order: what a `GeometricVerifier` takes.
    ///
    /// Keypoints of networks have neither scale nor rotation. Traps when an index is not one of the keypoints'.
    public func correspondences(query: LearnedKeypoints, candidate: LearnedKeypoints) -> [Correspondence] {
        map { match in
            Correspondence(
                source: PixelPoint(x: Double(query.x[match.query]), y: Double(query.y[match.query])),
                target: PixelPoint(x: Double(candidate.x[match.candidate]), y: Double(candidate.y[match.candidate])))
        }
    }
}

/// The same point in two images, found without keypoints.
public struct PointMatch: Hashable, Sendable {
    /// Where it is in the query, in pixels.
    public var query: PixelPoint
    /// Where it is in the candidate, in pixels.
    public var candidate: PixelPoint
    /// How sure the network is, in [0, 1].
    public var confidence: Float

    /// Makes a match.
    public init(query: PixelPoint, candidate: PixelPoint, confidence: Float) {
        self.query = query
        self.candidate = candidate
        self.confidence = confidence
    }

    /// The two positions: what a `GeometricVerifier` takes.
    public var correspondence: Correspondence { Correspondence(source: query, target: candidate) }
}
