import CairnAlgebra
import CairnCore
import CairnIndex

/// Search by global descriptors, those of several models together.
///
/// An image's descriptor holds the models' one behind another, k of them, each of length 1/√k. A query's parts are scaled by the
/// models' weights w, so that one inner product is a weighted sum of the models' cosines; what is reported is their mean.
struct GlobalSearch: Sendable {
    private let index: ExactIndex
    private let models: [(name: String, dimensions: Int)]
    /// What the query's parts are multiplied by; it keeps the query's length at 1.
    private let weights: [Float]
    /// What an inner product is multiplied by to be the weighted mean of cosines.
    private let factor: Float

    /// Throws when a weight is of a model that the collection does not have, or none is above zero.
    init(
        snapshot: CollectionSnapshot, models: [(name: String, dimensions: Int)], modelDigest: [UInt8],
        weights: [String: Float]
    ) throws {
        let names = models.map(\.name)
        if let unknown = weights.keys.sorted().first(where: { !names.contains($0) }) {
            throw CollectionError(
                .invalidArgument,
                "the collection has no global model “\(unknown)” to weigh; it has \(names.joined(separator: ", "))")
        }
        let given = names.map { weights[$0] ?? 1 }
        guard given.contains(where: { $0 > 0 }) else {
            throw CollectionError(.invalidArgument, "every global model has weight 0; give one a weight above it")
        }
        self.models = models
        let count = Float(models.count).squareRoot()
        let norm = given.reduce(0) { $0 + $1 * $1 }.squareRoot()
        self.weights = given.map { $0 * count / norm }
        factor = norm * count / given.reduce(0, +)
        index = try ExactIndex(
            files: snapshot.descriptorFiles, removed: snapshot.removed,
            dimensions: models.reduce(0) { $0 + $1.dimensions }, modelDigest: modelDigest)
    }

    /// All descriptors as rows of a matrix: an inner product of two rows is the weighted mean of the models' cosines.
    func descriptors() throws -> GalleryDescriptors {
        let images = index.images
        var values: [Float] = []
        values.reserveCapacity(images.count * index.dimensions)
        for image in images { values += symmetric(index.descriptor(of: image) ?? []) }
        return GalleryDescriptors(
            images: images, matrix: try DescriptorMatrix(values: values, dimensions: index.dimensions))
    }

    /// A descriptor as a row of that matrix: each model's part takes the root of its weight's share.
    func symmetric(_ descriptor: [Float]) -> [Float] {
        guard models.count > 1 else { return descriptor }
        let total = weights.reduce(0, +)
        var scaled = descriptor
        var start = 0
        for (model, weight) in zip(models, weights) {
            let scale = (Float(models.count) * weight / total).squareRoot()
            for position in start..<start + model.dimensions { scaled[position] *= scale }
            start += model.dimensions
        }
        return scaled
    }

    /// The most similar images, best first.
    func search(
        _ query: [Float], limit: Int, filter: ImageFilter = .all, threads: Int
    ) throws -> [ScoredImage] {
        try index.search(weighted(query), limit: limit, filter: filter, threads: threads).map {
            ScoredImage(image: $0.image, similarity: Similarity(factor * $0.similarity.rawValue), matches: 0)
        }
    }

    /// The descriptor of an image as it is stored; `nil` for one that cannot be found.
    func descriptor(of image: ImageID) -> [Float]? { index.descriptor(of: image) }

    /// Looks up the similarity of candidates that something else proposed.
    func complete(_ candidates: inout SearchCandidates, query: [Float]) {
        let query = weighted(query)
        for id in candidates.ids where candidates[id]?.globalSimilarity == nil {
            guard let descriptor = index.descriptor(of: id) else { continue }
            candidates.update(id) { $0.globalSimilarity = factor * Self.product(query, descriptor, 0..<query.count) }
        }
    }

    /// Each model's own cosine, by name; nothing where there is but one model.
    func parts(of image: ImageID, query: [Float]) -> [(name: String, similarity: Float)] {
        guard models.count > 1, let descriptor = index.descriptor(of: image) else { return [] }
        var start = 0
        return models.map { name, dimensions in
            defer { start += dimensions }
            return (name, Float(models.count) * Self.product(query, descriptor, start..<start + dimensions))
        }
    }

    private func weighted(_ query: [Float]) -> [Float] {
        var scaled = query
        var start = 0
        for (model, weight) in zip(models, weights) {
            for position in start..<start + model.dimensions { scaled[position] *= weight }
            start += model.dimensions
        }
        return scaled
    }

    private static func product(_ a: [Float], _ b: [Float], _ range: Range<Int>) -> Float {
        var sum = 0.0
        for position in range { sum += Double(a[position]) * Double(b[position]) }
        return Float(sum)
    }
}
