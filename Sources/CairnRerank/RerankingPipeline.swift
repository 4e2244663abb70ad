import CairnAlgebra

/// Methods in their declared order.
public struct RerankingPipeline: Sendable {
    /// The methods; none at all ranks by similarity.
    public let methods: [any RerankingMethod]

    /// Takes methods in order. Throws `RerankError` for settings that make no sense.
    public init(_ methods: [any RerankingMethod]) throws {
        for method in methods { try method.validate() }
        self.methods = methods
    }

    /// The methods that compare photos, by name: they throw where there is no evidence.
    public var methodsThatNeedPhotos: [String] {
        methods.map { type(of: $0) }.filter { $0.needsPhotos }.map { $0.name }
    }

    /// Whether one of them needs a matching network.
    public var needsMatchers: Bool { methods.contains { $0 is LearnedMatchReranking } }

    /// Does what depends on the gallery alone: expanded descriptors, neighbour graphs.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment = RerankingEnvironment()
    ) async throws -> PreparedPipeline {
        var prepared: [any PreparedMethod] = []
        var current = gallery
        // Nothing is ever ranked in an empty gallery, so methods need not think of one.
        guard gallery.count > 0 else {
            return PreparedPipeline(methods: [], gallery: gallery, environment: environment)
        }
        for method in methods {
            try Task.checkCancellation()
            let step = try await method.prepare(current, environment: environment)
            prepared.append(step)
            current = step.gallery
        }
        return PreparedPipeline(methods: prepared, gallery: gallery, environment: environment)
    }
}

/// Methods that know their gallery. Safe to use from many threads.
public struct PreparedPipeline: Sendable {
    let methods: [any PreparedMethod]
    /// The gallery before any method changed it.
    public let gallery: RerankingGallery
    let environment: RerankingEnvironment

    /// Ranks the gallery for each query.
    ///
    /// - Parameters:
    ///   - queries: `[queries, dimensions]`, rows of unit length, or of zeros.
    ///   - queryRegions: Their regional descriptors, where the gallery has such.
    ///   - limit: The most rows for each.
    ///   - evidence: Compares photos; methods that need it throw without.
    /// - Returns: A ranking for each query, of `limit` rows or the whole gallery.
    /// - Throws: `RerankError` for queries of other dimensions, or with numbers that are not finite.
    public func rank(
        _ queries: DescriptorMatrix, queryRegions: RegionalDescriptors? = nil, limit: Int,
        evidence: (any PhotoComparison)? = nil
    ) async throws -> [Ranking] {
        guard limit >= 1 else { throw RerankError(.invalidArgument, "a ranking needs room for a row, not \(limit)") }
        guard queries.dimensions == gallery.descriptors.dimensions else {
            throw RerankError(
                .invalidArgument,
                "the queries have \(queries.dimensions) dimensions and the gallery \(gallery.descriptors.dimensions); extract both with the same model"
            )
        }
        if let queryRegions {
            guard queryRegions.count == queries.count else {
                throw RerankError(
                    .invalidArgument, "there are regions of \(queryRegions.count) images for \(queries.count) queries")
            }
            if let regions = gallery.regions,
                regions.descriptors.dimensions != queryRegions.descriptors.dimensions
            {
                throw RerankError(
                    .invalidArgument,
                    "regions of the queries have \(queryRegions.descriptors.dimensions) dimensions and those of the gallery \(regions.descriptors.dimensions); extract both with the same model"
                )
            }
        }
        do {
            try queries.requireFinite("the queries")
            try queryRegions?.descriptors.requireFinite("the queries’ regions")
        } catch {
            throw RerankError(.invalidInput, error.message)
        }
        guard queries.count > 0, gallery.count > 0 else {
            return Array(repeating: Ranking(), count: queries.count)
        }
        var state = RerankingState(
            queries: queries, queryRegions: queryRegions, gallery: gallery, limit: limit, evidence: evidence,
            environment: environment)
        for method in methods {
            try Task.checkCancellation()
            try await method.apply(to: &state)
            // A gallery whose descriptors changed is another one to search.
            state.move(to: method.gallery)
        }
        return try state.rankings(depth: limit)
    }
}
