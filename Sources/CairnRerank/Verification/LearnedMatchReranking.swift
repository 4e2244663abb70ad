/// Verification by a learned matcher, such as SuperPoint with LightGlue, or LoFTR, on a short list.
///
/// As `verify`, with correspondences that a network found. It is slow, so the list is short.
public struct LearnedMatchReranking: RerankingMethod {
    /// `match`.
    public static let name = "match"
    /// What it does.
    public static let summary = "verification of the top n by a learned matcher, model=NAME; needs photos"
    /// It does.
    public static let needsPhotos = true

    /// The matcher's name in the model library; there is no default.
    public var model = ""
    /// The extractor of its keypoints; empty for the matcher's own, or where it needs none.
    public var keypoints = ""
    /// Rows that are compared.
    public var n = 10
    /// Inliers that verify a row.
    public var inliers = 10

    /// The defaults, which lack a model.
    public init() {}

    /// Throws without a model, and for counts below 1.
    public func validate() throws {
        guard !model.isEmpty else {
            throw RerankError(
                .invalidArgument, "match needs a matcher: match:model=NAME; “cairn models list” has the names")
        }
        try requireCount(n, "n")
        try requireCount(inliers, "inliers")
    }

    /// Nothing depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        InlierRanking(
            gallery: gallery, method: Self.name,
            matching: .learned(matcher: model, keypoints: keypoints.isEmpty ? nil : keypoints), depth: n,
            threshold: inliers)
    }
}
