import CairnGeometry

/// How two photos' features are compared.
public struct PairVerificationConfiguration: Codable, Sendable, Hashable {
    /// How descriptors are matched. The ratio test is looser than usual, for the geometry sorts out what it lets through.
    public var matching: MatchingConfiguration

    /// How matches are verified.
    public var verification: VerificationConfiguration

    /// Whether photos are matched again under the homography that was found. Not for fundamental matrices.
    public var isGuided: Bool

    /// Where the second matching looks.
    public var guidance: GuidedMatchingConfiguration

    /// Sets what differs from `.standard`.
    public init(
        matching: MatchingConfiguration = .forVerification, verification: VerificationConfiguration = .homography,
        isGuided: Bool = true, guidance: GuidedMatchingConfiguration = .standard
    ) {
        self.matching = matching
        self.verification = verification
        self.isGuided = isGuided
        self.guidance = guidance
    }

    /// Loose ratio test, homography, guided second matching.
    public static let standard = PairVerificationConfiguration()

    /// For keypoints without scale and direction: no ratio test, and eight inliers at least, for four points make a
    /// homography and others join by chance.
    public static let learned = PairVerificationConfiguration(
        matching: .learned, verification: VerificationConfiguration(maximumIterations: 2_000, minimumInliers: 8))
}
