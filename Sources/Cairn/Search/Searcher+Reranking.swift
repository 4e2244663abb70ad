import CairnCore
import CairnRerank

extension Searcher {
    /// Whether re-ranking goes by local features, so that queries need them.
    var comparesFeatures: Bool { reranker?.comparesFeatures ?? false }

    /// What re-ranks, as the configuration says. Throws `CollectionError` where there are no descriptors to do it by.
    static func reranker(
        _ configuration: SearchConfiguration, snapshot: CollectionSnapshot, global: GlobalSearch?,
        extractors: ExtractorSet
    ) throws -> CollectionReranker? {
        guard !configuration.reranking.isEmpty else { return nil }
        let pipeline = try RerankingSpecification.parse(configuration.reranking)
        guard let global else {
            throw CollectionError(
                .invalidArgument,
                extractors.globals.isEmpty
                    ? "re-ranking needs global descriptors, which the collection does not have; index with a global model too"
                    : "re-ranking needs global descriptors, which the strategy local does without; use fused, global or global+verify"
            )
        }
        guard extractors.local != nil || !pipeline.comparesFeatures else {
            throw CollectionError(
                .invalidArgument,
                "\(RerankingSpecification.text(of: pipeline)) compares photos by local features, which the collection does not have; index with a local model too"
            )
        }
        return CollectionReranker(
            pipeline: pipeline, environment: RerankingEnvironment(threads: configuration.threadCount)
        ) {
            let labels = try snapshot.labels().compactMapValues { label -> String? in
                if case .landmark(let name) = label { name } else { nil }
            }
            return (try global.descriptors(), labels)
        }
    }

    /// Fills candidates in the order of re-ranking, and returns it.
    func rerank(
        _ features: QueryFeatures, query path: String, region: PixelRegion?, by reranker: CollectionReranker,
        limit: Int,
        excluding excluded: ImageID?, into candidates: inout SearchCandidates
    ) async throws -> [ImageID] {
        guard let global else { return [] }
        let images = try await reranker.images().images
        let comparison =
            reranker.comparesPhotos
            ? QueryComparison(
                searcher: self, features: features, path: path, region: region, images: images, excluding: excluded)
            : nil
        let ranked = try await reranker.rank(
            global.symmetric(features.globalDescriptor), limit: min(limit, max(1, images.count)), excluding: excluded,
            comparison: comparison)
        let isWithout = excluded.map(images.contains) ?? false
        for (place, (image, score)) in ranked.enumerated() {
            candidates.add(
                image, reranked: score, globalRank: place + 1, of: images.count - (isWithout ? 1 : 0))
        }
        for (image, outcome) in comparison?.outcomes ?? [:] where candidates[image] != nil {
            candidates.update(image) {
                $0.matchCount = outcome.matchCount
                $0.evidence = outcome.evidence
            }
        }
        return ranked.map(\.image)
    }
}
