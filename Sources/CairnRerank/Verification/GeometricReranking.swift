/// Geometric verification: the best rows are compared with the query's photo, and those that agree come first, most inliers
/// first.
///
/// Philbin, Chum, Isard, Sivic, Zisserman: Object retrieval with large vocabularies and fast spatial matching (CVPR 2007),
/// section 4. Rows with fewer inliers than the threshold keep their order and scores behind the others; the score of those is
/// their number of inliers.
public struct GeometricReranking: RerankingMethod {
    /// `verify`.
    public static let name = "verify"
    /// What it does.
    public static let summary = "geometric verification of the top n, most inliers first; needs photos"
    /// It does.
    public static let needsPhotos = true

    /// Rows that are compared.
    public var n = 100
    /// Inliers that verify a row.
    public var inliers = 10

    /// The defaults.
    public init() {}

    /// Throws for counts below 1.
    public func validate() throws {
        try requireCount(n, "n")
        try requireCount(inliers, "inliers")
    }

    /// Nothing depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        InlierRanking(gallery: gallery, method: Self.name, matching: .features, depth: n, threshold: inliers)
    }
}
