import CairnCore
import CairnFeatures
import CairnIndex

/// Searches one state of a collection: shortlist from the inverted file, geometric verification, verified expansion.
///
/// The expansion follows Chum et al. ("Total recall", ICCV 2007) in using verified results as further queries, but keeps
/// evidence apart: an image found by way of another is worth a part of the weaker of the two verifications, so that it never
/// outranks the image that led to it.
///
/// Safe to use from many threads. Deterministic, whatever the number of threads.
public struct Searcher: Sendable {
    /// How it searches.
    public let configuration: SearchConfiguration
    /// The state that it searches.
    public let snapshot: CollectionSnapshot

    /// The long side to which photos are reduced before features are looked for, in pixels.
    public var featureLongSide: Int { analyzer.configuration.sift.longSide }

    let analyzer: LocalFeatureAnalyzer
    private let index: InvertedIndex
    private let verification: CandidateVerification

    init(snapshot: CollectionSnapshot, analyzer: LocalFeatureAnalyzer, configuration: SearchConfiguration) throws {
        try configuration.validate()
        self.configuration = configuration
        self.snapshot = snapshot
        self.analyzer = analyzer
        index = try InvertedIndex(
            files: snapshot.invertedFiles, removed: snapshot.removed, vocabulary: analyzer.vocabulary,
            configuration: analyzer.configuration.index)
        verification = CandidateVerification(
            snapshot: snapshot, verifier: try PairVerifier(configuration: configuration.pairs),
            threads: configuration.threads == 0 ? Machine.coreCount : configuration.threads)
    }

    /// Finds images that show what a photo shows.
    ///
    /// - Parameters:
    ///   - path: The query; it need not be in the collection.
    ///   - limit: The most results.
    ///   - excluded: An image that is left out: the query itself, when it is in the collection.
    /// - Throws: `ImagingError` when the query is not a usable image; `CollectionError` when stored data is damaged.
    public func search(
        contentsOf path: String, limit: Int = 20, excluding excluded: ImageID? = nil
    ) async throws -> SearchAnswer {
        let clock = Stopwatch()
        let features = try analyzer.features(contentsOf: path)
        let extraction = clock.milliseconds
        var answer = try await search(features, query: path, limit: limit, excluding: excluded)
        answer.timings["extraction"] = extraction
        return answer
    }

    /// Finds images that have features in common with a query's.
    public func search(
        _ features: LocalFeatures, query: String = "", limit: Int = 20, excluding excluded: ImageID? = nil
    ) async throws -> SearchAnswer {
        guard limit > 0 else {
            throw CollectionError(.invalidArgument, "a search needs room for a result, not \(limit)")
        }
        let clock = Stopwatch()
        var timings: [String: Double] = [:]

        var candidates = SearchCandidates()
        let proposals = index.search(
            features.descriptors, limit: max(limit, configuration.shortlist) + 1, threads: verification.threads)
        for proposal in proposals where proposal.image != excluded { candidates.add(proposal) }
        timings["shortlist"] = clock.milliseconds

        if configuration.shortlist > 0 {
            let first = Array(candidates.ids.prefix(configuration.shortlist))
            try await verify(first, against: PairVerifier.Query(features), in: &candidates)
            timings["verification"] = clock.milliseconds - (timings["shortlist"] ?? 0)
            if configuration.expansionSources > 0, configuration.expansionShortlist > 0 {
                try await expand(&candidates, excluding: excluded)
                timings["expansion"] = clock.milliseconds - (timings["shortlist"] ?? 0) - (timings["verification"] ?? 0)
            }
        }
        let results = try describe(candidates.ranked().prefix(limit))
        timings["search"] = clock.milliseconds
        return SearchAnswer(query: query, results: results, timings: timings)
    }

    /// Verifies images in portions, until they are through or patience is at its end.
    private func verify(
        _ ids: [ImageID], against query: PairVerifier.Query, in candidates: inout SearchCandidates
    ) async throws {
        let portion = 20
        var (start, lastVerified) = (0, 0)
        while start < ids.count, start - lastVerified < configuration.patience {
            let end = min(start + portion, ids.count)
            for (position, (id, outcome)) in try await verification.verify(query, against: Array(ids[start..<end])).enumerated() {
                candidates.update(id) {
                    $0.matchCount = outcome.matchCount
                    $0.evidence = outcome.evidence
                }
                if outcome.evidence != nil { lastVerified = start + position + 1 }
            }
            start = end
        }
    }

    /// Looks from each of the best verified images for more: what is too far aside for the query may be near to them.
    private func expand(_ candidates: inout SearchCandidates, excluding excluded: ImageID?) async throws {
        let sources = candidates.ranked().prefix(configuration.expansionSources).filter {
            ($0.evidence?.score ?? 0) >= configuration.verifiedInliers
        }
        let images = try snapshot.images(sources.map(\.id))
        for source in sources {
            guard let image = images[source.id], let record = try snapshot.record(of: image),
                let features = try record.withUnsafeBytes({ try LocalFeatures(record: $0) })
            else { continue }
            let reached = Float(source.evidence?.score ?? 0)
            // One word a descriptor is enough between views of one thing that are near to each other.
            let proposals = index.search(
                features.descriptors, limit: configuration.shortlist, assignments: 1, threads: verification.threads
            ).filter { proposal in
                guard proposal.image != excluded, proposal.image != source.id else { return false }
                // Only an image that can gain by this way is worth a look.
                let known = candidates[proposal.image]
                return known?.evidence == nil && (known?.expansion ?? 0) < configuration.expansionWeight * reached
            }.prefix(configuration.expansionShortlist)
            let outcomes = try await verification.verify(
                PairVerifier.Query(features), against: proposals.map(\.image))
            for (id, outcome) in outcomes {
                guard let inliers = outcome.evidence?.score, inliers >= configuration.verifiedInliers else { continue }
                let worth = configuration.expansionWeight * min(reached, Float(inliers))
                candidates.update(id) {
                    guard worth > $0.expansion else { return }
                    $0.expansion = worth
                    $0.via = source.id
                }
            }
        }
    }

    private func describe(_ candidates: some Sequence<SearchCandidate>) throws -> [SearchResult] {
        let candidates = Array(candidates)
        let images = try snapshot.images(candidates.map(\.id) + candidates.compactMap(\.via))
        let scoring = analyzer.configuration.index.scoring
        var results: [SearchResult] = []
        for candidate in candidates {
            // Deleted meanwhile.
            guard let image = images[candidate.id] else { continue }
            var stages = [scoring == .aggregatedMatchKernel ? "asmk" : "votes": Double(candidate.similarity)]
            if scoring == .aggregatedMatchKernel { stages["words"] = Double(candidate.wordCount) }
            if let matches = candidate.matchCount {
                stages["matches"] = Double(matches)
                stages["inliers"] = Double(candidate.evidence?.score ?? 0)
            }
            let isIndirect = candidate.expansion > Float(candidate.evidence?.score ?? 0)
            if isIndirect { stages["expansion"] = Double(candidate.expansion) }
            results.append(
                SearchResult(
                    rank: results.count + 1, image: image, candidate: candidate, stages: stages,
                    via: isIndirect ? candidate.via.flatMap { images[$0]?.paths.first } : nil))
        }
        return results
    }
}
