import Cairn
import CairnFeatures
import CairnModelLibrary
import CairnRecipes
import CairnRerank

/// What became of the gallery.
struct RecipeIndex: Sendable, Codable {
    /// Photos in the collection.
    var images: Int
    /// Files that are no usable images.
    var failures: Int
    /// Its extractors.
    var extractors: [String]
}

/// Makes the collection of a run: the gallery's photos with the recipe's features and labels.
struct RecipeIndexer {
    let recipe: Recipe
    let photos: RecipePhotos
    let models: RecipeModels
    let library: ModelLibrary
    let runtime: () throws -> ModelRuntime
    /// The collection's folder.
    let path: String
    let options: IndexingOptions

    /// The folder's name in the run's output.
    static let folder = "collection"

    /// What makes features: the final descriptor's model, and local features where something in the recipe goes by them.
    func extractors() throws -> ExtractorSet {
        let features = RecipeLocalFeatures(local: recipe.local, search: recipe.search)
        let global = try models.global.map { try library.globalModel(named: $0, runtime: runtime()) }
        let local = try needsLocal ? features.extractor(models, library: library, runtime: runtime) : nil
        return try ExtractorSet(local: local, globals: global.map { [$0] } ?? [], index: features.index)
    }

    /// Whether something after the index goes by its local features; networks that match look at photos themselves, and cleaning has a
    /// collection of its own.
    private var needsLocal: Bool {
        let methods = (try? recipe.reranking?.pipeline().methods) ?? []
        return models.global == nil || recipe.search.local != .none
            || methods.contains { $0 is GeometricReranking || $0 is GuidedQueryExpansion }
    }

    /// Adds what decides about the collection, beside photos and models.
    func add(to key: inout RecipeRunKey) throws {
        key.add(text: "\(needsLocal)")
        guard needsLocal else { return }
        try key.add(recipe.local)
        key.add(text: "\(recipe.search.local.rawValue) \(recipe.search.centers) \(recipe.search.probes)")
    }

    /// Opens the collection, or makes it.
    func gallery() throws -> Gallery { try Gallery.openOrCreate(at: path, extractors: extractors()) }

    /// Fills the collection, and labels its photos.
    func index(
        notes: inout [String], progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws -> RecipeIndex {
        let gallery = try gallery()
        let paths = try photos.benchmark.galleryPaths()
        let total = Set(paths).count
        let report = try await gallery.index(exactly: paths, droppingOthers: true, options: options) {
            progress($0.done, total)
        }
        guard !report.isCancelled else { throw CancellationError() }
        let snapshot = try gallery.collection.snapshot()
        var changes = LabelChanges(source: .csv)
        var images = 0
        for (path, truth) in zip(paths, photos.gallery) {
            guard let id = try snapshot.imageID(atPath: path) else { continue }
            images += 1
            switch truth {
            case .landmark(let name): try changes.set(.landmark(name), for: id)
            case .nonLandmark: try changes.set(.nonLandmark, for: id)
            case nil: break
            }
        }
        if !changes.isEmpty { _ = try await gallery.collection.apply(changes) }
        guard images > 0 else {
            throw EvaluationError(
                .invalidInput,
                "none of \(total) photos is usable\(report.failures.first.map { ": \($0.path): \($0.reason)" } ?? "")")
        }
        let failures = paths.count - images
        if failures > 0 { notes.append("\(failures) photos of the gallery are no usable images, and cannot be found.") }
        notes += RecipeLocalFeatures(local: recipe.local, search: recipe.search).notes(
            gallery.analyzer.extractorSet.local)
        return RecipeIndex(images: images, failures: failures, extractors: snapshot.extractors.map(\.name))
    }
}
