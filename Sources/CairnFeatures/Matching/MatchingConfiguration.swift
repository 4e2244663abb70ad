/// Which pairs of nearest descriptors count as matches.
public struct MatchingConfiguration: Codable, Sendable, Hashable {
    /// Where a match looks for its best rival.
    public enum RatioSide: String, Codable, Sendable, CaseIterable {
        /// Among the candidate's descriptors: is this one of them much nearer to the query's than any other? The
        /// usual test.
        case query
        /// Among the query's descriptors.
        case candidate
        /// Among both; the nearer rival decides.
        case both
    }

    /// A match's distance must be below this part of its best rival's (Lowe 2004, section 7.1), on Euclidean
    /// distances. From 1 on there is no test. Where there is no rival, as in an image with one keypoint, the ratio is
    /// 1 and fails any test.
    public var ratio: Float = 0.8

    /// Where rivals are looked for.
    public var ratioSide = RatioSide.query

    /// Keep a pair only when each is the other's nearest.
    public var mutual = true

    /// A match's descriptors must be at least this similar: the cosine of the angle between them, from -1 (no test) to 1.
    public var minimumCosine: Float = -1

    /// At most this many matches, the best of them.
    public var maximumMatches = Int.max

    /// The defaults.
    public init() {}

    /// Mutual nearest neighbours at a ratio of 0.8 on the query's side.
    public static let standard = MatchingConfiguration()

    /// Fewer false matches: a ratio of 0.75 on both sides.
    public static let strict: MatchingConfiguration = {
        var configuration = MatchingConfiguration()
        configuration.ratio = 0.75
        configuration.ratioSide = .both
        return configuration
    }()

    /// More true matches and many more false ones, for a verifier that bears them: a ratio of 0.9.
    public static let permissive: MatchingConfiguration = {
        var configuration = MatchingConfiguration()
        configuration.ratio = 0.9
        return configuration
    }()

    /// A ratio of 0.85: what search uses, as its verifier costs little at a tenth of inliers.
    public static let forVerification: MatchingConfiguration = {
        var configuration = MatchingConfiguration()
        configuration.ratio = 0.85
        return configuration
    }()

    /// For descriptors that a network learned: mutual nearest neighbours of a cosine of at least 0.8, without a ratio test.
    /// Networks are trained for nearest neighbours, not for ratios: XFeat's authors take 0.82, most others only the neighbours.
    public static let learned: MatchingConfiguration = {
        var configuration = MatchingConfiguration()
        configuration.ratio = 1
        configuration.minimumCosine = 0.8
        return configuration
    }()

    /// Mutual nearest neighbours without a ratio test, for scenes that repeat themselves.
    public static let mutualOnly: MatchingConfiguration = {
        var configuration = MatchingConfiguration()
        configuration.ratio = 1
        return configuration
    }()
}
