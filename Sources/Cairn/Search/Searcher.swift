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
        let proposals = try index(without: excluded.map { [$0] } ?? []).search(
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

    /// Looks from each of the best verified images for more: what is too far aside for the query may be near to them.
    private func expand(_ candidates: inout SearchCandidates, excluding excluded: ImageID?) async throws {
        let sources = candidates.ranked().prefix(configuration.expansionSources).filter {
            ($0.evidence?.score ?? 0) >= configuration.verifiedInliers
        }
        guard !sources.isEmpty else { return }
        let images = try snapshot.images(sources.map(\.id))
        // What is verified directly has nothing to gain, nor has what is left out.
        var settled = Set(candidates.ids.filter { candidates[$0]?.evidence != nil })
        if let excluded { settled.insert(excluded) }

        let found = try await withThrowingTaskGroup(of: (Int, [(ImageID, Int)]).self) { [settled] group in
            for (position, source) in sources.enumerated() {
                guard let image = images[source.id] else { continue }
                group.addTask { (position, try await neighbours(of: image, except: settled)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
        }
        for (position, neighbours) in found {
            let source = sources[position]
            for (id, inliers) in neighbours {
                let worth = configuration.expansionWeight * Float(min(source.evidence?.score ?? 0, inliers))
                candidates.update(id) {
                    guard worth > $0.expansion else { return }
                    $0.expansion = worth
                    $0.via = source.id
                }
            }
        }
    }

    /// Images that verify against one of the collection, with their inliers.
    private func neighbours(of image: CollectionImage, except settled: Set<ImageID>) async throws -> [(ImageID, Int)] {
        guard let record = try snapshot.record(of: image),
            let features = try record.withUnsafeBytes({ try LocalFeatures(record: $0) })
        else { return [] }
        // Room for those that are settled, and for the image itself.
        let limit = settled.count + configuration.expansionShortlist + 1
        let proposals =
            switch index.configuration.scoring {
            case .aggregatedMatchKernel: index.search(like: image.id, limit: limit)
            case .nearestDescriptorVoting:
                try index(without: settled.union([image.id])).search(features.descriptors, limit: limit)
            }
        let chosen = proposals.lazy.map(\.image).filter { $0 != image.id && !settled.contains($0) }
            .prefix(configuration.expansionShortlist)
        return try await verification.verify(PairVerifier.Query(features), against: Array(chosen), threads: 1)
            .compactMap { id, outcome in
                guard let inliers = outcome.evidence?.score, inliers >= configuration.verifiedInliers else {
                    return nil
                }
                return (id, inliers)
            }
    }

    /// The index for a search in which some images do not count. When votes are counted they must not take any: a descriptor
    /// votes once, and a photo's own descriptors are the nearest of all. Other scores do not depend on other images.
    private func index(without images: Set<ImageID>) throws -> InvertedIndex {
        guard index.configuration.scoring == .nearestDescriptorVoting, !images.isEmpty else { return index }
        return try InvertedIndex(
            files: snapshot.invertedFiles, removed: snapshot.removed.union(images), vocabulary: index.vocabulary,
            configuration: index.configuration)
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
