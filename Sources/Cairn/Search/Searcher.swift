import CairnCore
import CairnFeatures
import CairnIndex
import CairnRerank

/// Searches one state of a collection: shortlists from the inverted file and from global descriptors, geometric verification,
/// verified expansion.
///
/// The expansion follows Chum et al. ("Total recall", ICCV 2007) in using verified results as further queries, but keeps
/// evidence apart: an image found by way of another is worth a part of the weaker of the two verifications, so that it never
/// outranks the image that led to it.
///
/// Safe to use from many threads. Deterministic, whatever the number of threads.
public struct Searcher: Sendable {
    /// How it searches.
    public let configuration: SearchConfiguration
    /// Which evidence it goes by.
    public let strategy: SearchStrategy
    /// The state that it searches.
    public let snapshot: CollectionSnapshot

    /// The long side to which photos are reduced before features are looked for, in pixels.
    public var featureLongSide: Int { analyzer.extractorSet.featureLongSide }

    let analyzer: FeatureAnalyzer
    let global: GlobalSearch?
    /// `nil` where nothing asks for local features, and before their vocabulary is learned.
    let index: InvertedIndex?
    let verification: CandidateVerification
    /// `nil` where no re-ranking was asked for.
    let reranker: CollectionReranker?
    /// Matching networks for re-ranking.
    let matchers: (any PhotoMatcherProvider)?

    init(
        snapshot: CollectionSnapshot, analyzer: FeatureAnalyzer, configuration: SearchConfiguration,
        matchers: (any PhotoMatcherProvider)? = nil
    ) throws {
        try configuration.validate()
        let extractors = analyzer.extractorSet
        self.configuration = configuration
        self.snapshot = snapshot
        self.analyzer = analyzer
        strategy = try Self.strategy(configuration, extractors)
        global =
            strategy.usesGlobal
            ? try GlobalSearch(
                snapshot: snapshot, models: extractors.globals.map { ($0.name, $0.dimensions) },
                modelDigest: analyzer.extractors.globalDigest, weights: configuration.globalWeights) : nil
        reranker = try Self.reranker(configuration, snapshot: snapshot, global: global, extractors: extractors)
        index =
            strategy.usesLocal || reranker?.comparesFeatures == true
            ? try analyzer.vocabulary.map { vocabulary in
                try InvertedIndex(
                    files: snapshot.invertedFiles, removed: snapshot.removed, vocabulary: vocabulary,
                    configuration: extractors.index)
            } : nil
        self.matchers = matchers
        let pairs = configuration.pairs ?? extractors.local?.pairVerification ?? .standard
        verification = CandidateVerification(
            snapshot: snapshot, verifier: try PairVerifier(configuration: pairs),
            threads: configuration.threadCount)
    }

    private static func strategy(
        _ configuration: SearchConfiguration, _ extractors: ExtractorSet
    ) throws -> SearchStrategy {
        let (hasLocal, hasGlobal) = (extractors.local != nil, !extractors.globals.isEmpty)
        // Without verification, local evidence has nothing to add to the global.
        let best: SearchStrategy =
            !hasGlobal ? .local : hasLocal && configuration.shortlist > 0 ? .fused : .global
        let strategy = configuration.strategy ?? best
        guard hasGlobal || !strategy.usesGlobal else {
            throw CollectionError(
                .invalidArgument,
                "the strategy \(strategy.rawValue) needs global descriptors, which the collection does not have; use local, or index with a global model"
            )
        }
        guard hasLocal || !strategy.usesLocal else {
            throw CollectionError(
                .invalidArgument,
                "the strategy \(strategy.rawValue) needs local features, which the collection does not have; use global, or index with local features too"
            )
        }
        return strategy
    }

    /// Finds images that show what a photo shows.
    ///
    /// - Parameters:
    ///   - path: The query; it need not be in the collection.
    ///   - region: The part of it to search with; `nil` for all of it.
    ///   - limit: The most results.
    ///   - excluded: An image that is left out: the query itself, when it is in the collection.
    /// - Throws: `ImagingError` when the query is not a usable image; `CollectionError` when stored data is damaged.
    public func search(
        contentsOf path: String, region: PixelRegion? = nil, limit: Int = 20, excluding excluded: ImageID? = nil
    ) async throws -> SearchAnswer {
        let clock = Stopwatch()
        let features = try queryFeatures(contentsOf: path, region: region)
        let extraction = clock.milliseconds
        var answer = try await search(features, query: path, region: region, limit: limit, excluding: excluded)
        answer.timings["extraction"] = extraction
        return answer
    }

    /// Finds images that have local features in common with a query's. Throws `CollectionError` when the strategy needs more.
    public func search(
        _ features: LocalFeatures, query: String = "", limit: Int = 20, excluding excluded: ImageID? = nil
    ) async throws -> SearchAnswer {
        try await search(QueryFeatures(local: features), query: query, limit: limit, excluding: excluded)
    }

    /// Finds images similar to a query's features. Throws `CollectionError` when they lack what the strategy needs.
    ///
    /// `query` and `region` say where they are from: for matchers that look at the photo again.
    public func search(
        _ features: QueryFeatures, query: String = "", region: PixelRegion? = nil, limit: Int = 20,
        excluding excluded: ImageID? = nil
    ) async throws -> SearchAnswer {
        guard limit > 0 else {
            throw CollectionError(.invalidArgument, "a search needs room for a result, not \(limit)")
        }
        try requireFeatures(features)
        let clock = Stopwatch()
        var timings: [String: Double] = [:]
        var candidates = SearchCandidates()
        var shortlists: [[ImageID]] = []

        if let local = features.local, let index, strategy == .local || strategy == .fused {
            let proposals = try index.without(excluded.map { [$0] } ?? [], of: snapshot).search(
                local.descriptors, limit: max(limit, configuration.shortlist) + 1, threads: verification.threads
            ).filter { $0.image != excluded }
            // A fused ranking goes by global similarity where nothing verifies: the tail of this list has no say in it.
            let kept = strategy == .fused ? proposals.prefix(configuration.shortlist) : proposals[...]
            for (place, proposal) in kept.enumerated() { candidates.add(proposal, localRank: place + 1) }
            shortlists.append(proposals.prefix(configuration.shortlist).map(\.image))
        }
        if let global {
            let length = strategy.usesLocal ? max(limit, configuration.globalShortlist) : limit
            let proposals: [ImageID]
            if let reranker {
                proposals = try await rerank(
                    features, query: query, region: region, by: reranker, limit: length, excluding: excluded,
                    into: &candidates)
            } else {
                let nearest = try global.search(
                    features.globalDescriptor, limit: length + 1, threads: verification.threads
                ).filter { $0.image != excluded }
                for (place, proposal) in nearest.enumerated() { candidates.add(proposal, globalRank: place + 1) }
                proposals = nearest.map(\.image)
            }
            shortlists.append(Array(proposals.prefix(configuration.globalShortlist)))
        }
        timings["shortlist"] = clock.milliseconds

        if configuration.shortlist > 0, strategy.usesLocal, let local = features.local {
            let query = PairVerifier.Query(local)
            var seen: Set<ImageID> = []
            for shortlist in shortlists {
                try await verify(shortlist.filter { seen.insert($0).inserted }, against: query, in: &candidates)
            }
            timings["verification"] = clock.milliseconds - (timings["shortlist"] ?? 0)
            if configuration.expansionSources > 0, configuration.expansionShortlist > 0, strategy != .globalVerified {
                try await expand(&candidates, excluding: excluded)
                timings["expansion"] = clock.milliseconds - (timings["shortlist"] ?? 0) - (timings["verification"] ?? 0)
            }
        }
        if let global { global.complete(&candidates, query: features.globalDescriptor) }
        if reranker != nil { candidates.placeOthersBelowReranked() }
        let results = try describe(candidates.ranked(by: rule).prefix(limit), query: features)
        timings["search"] = clock.milliseconds
        return SearchAnswer(query: query, strategy: strategy, results: results, timings: timings)
    }

    /// What results are ordered by.
    var rule: RankingRule {
        switch strategy {
        case .local: .local
        case .global: .global
        case .globalVerified, .fused: .fused(verifiedInliers: configuration.verifiedInliers)
        }
    }

    private func requireFeatures(_ features: QueryFeatures) throws {
        let dimensions = analyzer.globalDimensions
        guard !strategy.usesGlobal || features.globalDescriptor.count == dimensions else {
            throw CollectionError(
                .invalidArgument,
                "the strategy \(strategy.rawValue) needs a global descriptor of \(dimensions) numbers, not \(features.globalDescriptor.count)"
            )
        }
        guard let wanted = analyzer.extractorSet.local?.dimensions, strategy.usesLocal || comparesFeatures else {
            return
        }
        guard let local = features.local, local.dimensions == wanted else {
            throw CollectionError(
                .invalidArgument,
                "the strategy \(strategy.rawValue) needs local features of \(wanted) bytes, not \(features.local.map { "\($0.dimensions)" } ?? "none")"
            )
        }
    }

    /// Verifies images in portions, until they are through or patience is at its end.
    private func verify(
        _ ids: [ImageID], against query: PairVerifier.Query, in candidates: inout SearchCandidates
    ) async throws {
        let portion = 40
        var (start, lastVerified) = (0, 0)
        while start < ids.count, start - lastVerified < configuration.patience {
            let end = min(start + portion, ids.count)
            let outcomes = try await verification.verify(query, against: Array(ids[start..<end]))
            for (position, (id, outcome)) in outcomes.enumerated() {
                candidates.update(id) {
                    $0.matchCount = outcome.matchCount
                    $0.evidence = outcome.evidence
                }
                if outcome.evidence != nil { lastVerified = start + position + 1 }
            }
            start = end
        }
    }
}
