#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// α-weighted query expansion: the best rows are added to the query, each weighted by a power of its similarity.
///
/// Radenović, Tolias, Chum: Fine-tuning CNN Image Retrieval with No Human Annotation (TPAMI 2018), section 5.2:
/// `q' = q + Σ s_i^α d_i` at unit length; α = 0 is average query expansion. Deviation: a negative similarity counts as 0.
/// Defaults are the paper's: α = 3, n = 50.
public struct AlphaQueryExpansion: RerankingMethod {
    /// `alphaqe`.
    public static let name = "alphaqe"
    /// What it does.
    public static let summary = "α query expansion: the top n are added to the query, weighted by similarity^alpha"

    /// Rows that are added to the query.
    public var n = 50
    /// The power of the similarity; 0 weighs all alike.
    public var alpha = 3.0

    /// The defaults.
    public init() {}

    /// Throws for `n` below 1 and for a negative power.
    public func validate() throws {
        try requireCount(n, "n")
        try requireNumber(alpha, "alpha", in: 0...100)
    }

    /// Nothing depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        let (n, alpha) = (n, alpha)
        return QueryExpansion(gallery: gallery) {
            try $0.queriesExpanded(top: n) { similarityWeight($0, alpha: alpha) }
        }
    }
}

/// `s^α`, 0 for a negative similarity unless α is 0.
func similarityWeight(_ similarity: Float, alpha: Double) -> Float {
    Float(pow(Double(max(similarity, 0)), alpha))
}
