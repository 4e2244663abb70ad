import CairnAlgebra

/// Queries under way from method to method: their descriptors, and what is ranked for them so far.
public struct RerankingState: Sendable {
    /// The gallery as the method under way sees it.
    public internal(set) var gallery: RerankingGallery

    /// `[queries, dimensions]`. Setting them forgets the ranking: by default it is that of their similarities.
    public var queries: DescriptorMatrix {
        didSet { rankings = nil }
    }

    /// Regional descriptors of the queries, where the gallery has such too.
    public let queryRegions: RegionalDescriptors?

    /// How many rows the answer to a query has, at most.
    public let limit: Int

    /// Compares photos, where there are any.
    public let evidence: (any PhotoComparison)?

    /// What may be used.
    public let environment: RerankingEnvironment

    /// `nil` while the order is that of similarities.
    private var rankings: [Ranking]?

    init(
        queries: DescriptorMatrix, queryRegions: RegionalDescriptors?, gallery: RerankingGallery, limit: Int,
        evidence: (any PhotoComparison)?, environment: RerankingEnvironment
    ) {
        self.queries = queries
        self.queryRegions = queryRegions
        self.gallery = gallery
        self.limit = limit
        self.evidence = evidence
        self.environment = environment
    }

    /// The best `depth` rows for each query, or all where there are fewer: as the last method ranked them, and then by similarity.
    public func rankings(depth: Int) throws -> [Ranking] {
        let depth = min(depth, gallery.count)
        if let rankings, rankings.allSatisfy({ $0.count >= depth }) { return rankings.map { $0.prefix(depth) } }
        let similar = try similarityRankings(depth: depth)
        guard let rankings else { return similar }
        return zip(rankings, similar).map { $0.followed(by: $1, limit: depth) }
    }

    /// Goes on with another gallery of the same rows; the order is that of similarity to the new descriptors.
    mutating func move(to gallery: RerankingGallery) {
        guard gallery !== self.gallery else { return }
        self.gallery = gallery
        rankings = nil
    }

    /// Ranks anew: `heads` are the best rows of each query in their new order. What had been ranked before follows behind them.
    ///
    /// Traps unless there is a ranking for each query.
    public mutating func rank(_ heads: [Ranking]) throws {
        precondition(heads.count == queries.count, "\(heads.count) rankings for \(queries.count) queries")
        let before = try rankings(depth: max(limit, rankings?.map(\.count).max() ?? 0))
        rankings = zip(heads, before).map { $0.followed(by: $1) }
    }

    private func similarityRankings(depth: Int) throws -> [Ranking] {
        guard depth > 0, queries.count > 0 else { return Array(repeating: Ranking(), count: queries.count) }
        let nearest = try NearestRows.search(
            queries: queries, in: gallery.descriptors, k: depth, threads: environment.threads)
        return (0..<queries.count).map { query in
            let (rows, scores) = nearest.neighbors(of: query)
            return Ranking(rows: Array(rows), scores: Array(scores))
        }
    }
}
