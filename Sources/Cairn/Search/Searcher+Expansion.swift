import CairnCore
import CairnFeatures
import CairnIndex

extension Searcher {
    /// Looks from each of the best verified images for more: what is too far aside for the query may be near to them.
    func expand(_ candidates: inout SearchCandidates, excluding excluded: ImageID?) async throws {
        guard let index else { return }
        let sources = candidates.ranked(by: rule).prefix(configuration.expansionSources).map(\.candidate).filter {
            ($0.evidence?.score ?? 0) >= configuration.verifiedInliers
        }
        guard !sources.isEmpty else { return }
        let images = try snapshot.images(sources.map(\.id))
        // What is verified directly has nothing to gain, nor has what is left out.
        var settled = Set(candidates.ids.filter { candidates[$0]?.evidence != nil })
        if let excluded { settled.insert(excluded) }
        // The sources are settled themselves, so one index serves them all.
        let others = try index.without(settled, of: snapshot)

        let found = try await withThrowingTaskGroup(of: (Int, [(ImageID, Int)]).self) { [settled] group in
            for (position, source) in sources.enumerated() {
                guard let image = images[source.id] else { continue }
                group.addTask { (position, try await neighbours(of: image, in: others, except: settled)) }
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
    private func neighbours(
        of image: CollectionImage, in index: InvertedIndex, except settled: Set<ImageID>
    ) async throws -> [(ImageID, Int)] {
        guard let record = try snapshot.record(of: image),
            let features = try record.withUnsafeBytes({ try LocalFeatures(record: $0) })
        else { return [] }
        // Room for those that are settled, and for the image itself.
        let limit = settled.count + configuration.expansionShortlist + 1
        let proposals =
            switch index.configuration.scoring {
            case .aggregatedMatchKernel: index.search(like: image.id, limit: limit)
            case .nearestDescriptorVoting: index.search(features.descriptors, limit: limit)
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
}

extension InvertedIndex {
    /// The index for a search in which some images do not count. When votes are counted they must not take any: a descriptor
    /// votes once, and a photo's own descriptors are the nearest of all. Other scores do not depend on other images.
    func without(_ images: Set<ImageID>, of snapshot: CollectionSnapshot) throws -> InvertedIndex {
        guard configuration.scoring == .nearestDescriptorVoting, !images.isEmpty else { return self }
        return try InvertedIndex(
            files: snapshot.invertedFiles, removed: snapshot.removed.union(images), vocabulary: vocabulary,
            configuration: configuration)
    }
}
