import CairnAlgebra

/// What the expansions of queries share: a gallery that they leave as it is, and new queries.
struct QueryExpansion: PreparedMethod {
    let gallery: RerankingGallery

    /// Makes the queries anew from the present ranking.
    let expand: @Sendable (_ state: RerankingState) async throws -> DescriptorMatrix

    func apply(to state: inout RerankingState) async throws {
        state.queries = try await expand(state)
    }
}

extension RerankingState {
    /// Each query plus the best `count` rows of its present ranking, weighted by what `weight` makes of their similarity, at
    /// unit length.
    ///
    /// Similarities are those of the descriptors, whatever scores the ranking has.
    func queriesExpanded(top count: Int, weight: @Sendable (_ similarity: Float) -> Float) throws -> DescriptorMatrix {
        let heads = try rankings(depth: count)
        let width = min(count, gallery.count)
        var terms = DescriptorExpansion.Terms(rows: [], weights: [], width: width)
        for (query, head) in heads.enumerated() {
            terms.rows += head.rows
            terms.weights += head.rows.map {
                weight(innerProduct(queries[query], gallery.descriptors[Int($0)]))
            }
        }
        return try DescriptorExpansion.expand(
            queries, by: terms, of: gallery.descriptors, threads: environment.threads)
    }
}
