import CairnAlgebra
import CairnCore
import CairnRerank

/// Ranks a snapshot's images by their global descriptors and the methods of a pipeline.
///
/// Descriptors are read, and what depends on the gallery alone is done, when the first query comes; later ones share it.
actor CollectionReranker {
    /// The methods.
    nonisolated let pipeline: RerankingPipeline

    /// Whether one of them looks at photos.
    nonisolated var comparesPhotos: Bool { !pipeline.methodsThatNeedPhotos.isEmpty }

    /// Whether one of them looks at local features, and not only at pixels.
    nonisolated var comparesFeatures: Bool { pipeline.comparesFeatures }

    private let load: @Sendable () throws -> (GalleryDescriptors, [ImageID: String])
    private let environment: RerankingEnvironment
    private var loaded: (descriptors: GalleryDescriptors, gallery: RerankingGallery)?
    private var preparation: Task<PreparedPipeline, any Error>?

    /// - Parameters:
    ///   - pipeline: The methods.
    ///   - environment: What they may use.
    ///   - load: Reads the descriptors and the labels of those images that show something known.
    init(
        pipeline: RerankingPipeline, environment: RerankingEnvironment,
        load: @escaping @Sendable () throws -> (GalleryDescriptors, [ImageID: String])
    ) {
        self.pipeline = pipeline
        self.environment = environment
        self.load = load
    }

    /// The images of each row.
    func images() throws -> GalleryDescriptors { try gallery().descriptors }

    /// Ranks for one query.
    ///
    /// - Parameters:
    ///   - query: Its descriptor, as the gallery's rows are.
    ///   - limit: The most images.
    ///   - excluded: An image that is left out, as though the collection did not have it: neither neighbours nor graphs know it.
    ///   - comparison: Compares photos, where a method wants that.
    func rank(
        _ query: [Float], limit: Int, excluding excluded: ImageID?, comparison: (any PhotoComparison)?
    ) async throws -> [(image: ImageID, score: Float)] {
        let (descriptors, gallery) = try gallery()
        let queries = try DescriptorMatrix(values: query, dimensions: descriptors.matrix.dimensions)
        let ranking: Ranking
        if let row = excluded.flatMap(descriptors.row) {
            ranking = try await pipeline.rank(
                queries, leavingOut: [row], in: gallery, limit: limit, evidence: comparison, environment: environment)[
                    0]
        } else {
            ranking = try await prepared(gallery).rank(queries, limit: limit, evidence: comparison)[0]
        }
        return zip(ranking.rows, ranking.scores).map { (descriptors.images[Int($0)], $1) }
    }

    private func gallery() throws -> (descriptors: GalleryDescriptors, gallery: RerankingGallery) {
        if let loaded { return loaded }
        let (descriptors, labels) = try load()
        let gallery = try RerankingGallery(
            descriptors: descriptors.matrix, labels: labels.isEmpty ? nil : descriptors.images.map { labels[$0] })
        loaded = (descriptors, gallery)
        return (descriptors, gallery)
    }

    private func prepared(_ gallery: RerankingGallery) async throws -> PreparedPipeline {
        if let preparation { return try await preparation.value }
        let task = Task { [pipeline, environment] in try await pipeline.prepare(gallery, environment: environment) }
        preparation = task
        return try await task.value
    }
}

extension RerankingPipeline {
    /// Whether a method goes by a collection's local features; a learned matcher finds its own.
    var comparesFeatures: Bool { methodsThatNeedPhotos.contains { $0 != LearnedMatchReranking.name } }
}
