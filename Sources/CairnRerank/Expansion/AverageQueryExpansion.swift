/// Average query expansion: the mean of the query and its best rows searches again.
///
/// Chum, Philbin, Sivic, Isard, Zisserman: Total Recall (ICCV 2007), section 4.2: `q' = (q + Σ d_i) / (n + 1)`, here at unit
/// length. Deviation: the paper averages only rows that geometry has verified; put `verify` before, or use `guidedqe`.
public struct AverageQueryExpansion: RerankingMethod {
    /// `aqe`.
    public static let name = "aqe"
    /// What it does.
    public static let summary = "average query expansion: the mean of the query and its top n searches again"

    /// Rows that are averaged with the query.
    public var n = 10

    /// The defaults.
    public init() {}

    /// Throws for `n` below 1.
    public func validate() throws { try requireCount(n, "n") }

    /// Nothing depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        let n = n
        return QueryExpansion(gallery: gallery) { try $0.queriesExpanded(top: n) { _ in 1 } }
    }
}
