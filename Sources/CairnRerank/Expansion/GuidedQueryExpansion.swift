import CairnAlgebra

/// Query expansion under local guidance: the mean of the query, its best rows, and every row that local features found and
/// geometry verified.
///
/// The fourth step of “Landmark Retrieval via Local Guidance and Global Expansion” (Google Landmark Retrieval 2018): the top 5
/// of the global search and the results of the local search with more than 40 inliers, of the 100 that were verified. With
/// `dba` before it and `diffusion` behind it, it is the whole of that solution. All weigh the same.
public struct GuidedQueryExpansion: RerankingMethod {
    /// `guidedqe`.
    public static let name = "guidedqe"
    /// What it does.
    public static let summary = "query expansion by the top n and by all that local features verify; needs photos"
    /// It does.
    public static let needsPhotos = true

    /// Rows of the present ranking.
    public var n = 5
    /// A row found by local features must have more inliers than this.
    public var inliers = 40
    /// Rows found by local features that are verified.
    public var verified = 100

    /// The defaults.
    public init() {}

    /// Throws for counts below 1, and for a negative number of inliers.
    public func validate() throws {
        try requireCount(n, "n")
        try requireCount(inliers, "inliers", atLeast: 0)
        try requireCount(verified, "verified")
    }

    /// Nothing depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        let settings = self
        return QueryExpansion(gallery: gallery) { state in
            let evidence = try state.requireEvidence(Self.name)
            var found: [[Int32]] = []
            for (query, head) in try state.rankings(depth: settings.n).enumerated() {
                try Task.checkCancellation()
                let local = try await evidence.localRanking(query: query, limit: settings.verified)
                let guiding = local.filter { $0.inliers > settings.inliers }.map(\.row)
                var known = Set<Int32>()
                found.append((head.rows + guiding).filter { known.insert($0).inserted })
                state.environment.progress?("Local features", query + 1, state.queries.count)
            }
            let width = found.map(\.count).max() ?? 0
            var terms = DescriptorExpansion.Terms(rows: [], weights: [], width: width)
            for rows in found {
                terms.rows += rows + repeatElement(0, count: width - rows.count)
                terms.weights += Array(repeating: 1, count: rows.count) + repeatElement(0, count: width - rows.count)
            }
            return try DescriptorExpansion.expand(
                state.queries, by: terms, of: state.gallery.descriptors, threads: state.environment.threads)
        }
    }
}

extension RerankingState {
    /// What compares photos; throws where there are none.
    func requireEvidence(_ method: String) throws -> any PhotoComparison {
        guard let evidence else {
            throw RerankError(
                .invalidArgument,
                "\(method) compares photos, and arrays of descriptors have none; use it when searching a collection, or leave it out"
            )
        }
        return evidence
    }
}
