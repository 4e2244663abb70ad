import Cairn
import CairnCleaning
import CairnDatasets
import CairnFeatures
import CairnModelLibrary
import CairnRecipes
import Foundation

/// What cleaning made of the labels.
struct RecipeCleaning: Sendable, Codable {
    /// A step's outcome.
    struct Step: Sendable, Codable, Hashable {
        /// The recipe's name of it.
        var name: String
        /// How it was done, in words.
        var method: String
        /// Photos that had labels before.
        var photos: Int
        /// Labels that there were.
        var labels: Int
        /// Photos that have one still.
        var kept: Int
        /// Classes that there are now.
        var classes: Int
    }

    /// The steps in order.
    var steps: [Step] = []
}

/// Cleans labels step by step, each through a collection of its own, as `cairn clean` does.
struct RecipeCleaner {
    let recipe: Recipe
    let photos: RecipePhotos
    let models: RecipeModels
    let library: ModelLibrary
    let runtime: () throws -> ModelRuntime
    let store: RecipeRunStore
    let data: URL
    let options: IndexingOptions

    /// The folder of collections and lists in the run's output.
    static let folder = "cleaning"

    /// Runs all steps, and writes `cleaning/NAME.csv` for each and `cleaned.csv` for the last.
    func clean(
        notes: inout [String], progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws -> RecipeCleaning {
        var sets = ["train": photos.training]
        guard !photos.training.isEmpty else {
            throw EvaluationError(
                .invalidInput,
                "\(recipe.name) cleans labels, and \(data.path) has none that may be looked at; give one folder a class"
            )
        }
        var cleaning = RecipeCleaning()
        try FileManager.default.createDirectory(at: store.url(Self.folder), withIntermediateDirectories: true)
        for step in recipe.cleaning {
            let before = sets[step.from] ?? photos.training
            let (after, method) = try await clean(before, by: step, &notes, progress)
            sets[step.name] = after
            cleaning.steps.append(
                .init(
                    name: step.name, method: method, photos: before.count, labels: Set(before.map(\.label)).count,
                    kept: after.count, classes: Set(after.map(\.label)).count))
            let table = after.reduce(into: "image,label\n") { text, photo in
                text += "\(photo.path.csvCell),\(photo.label.csvCell)\n"
            }
            try store.write(table, to: "\(Self.folder)/\(step.name).csv")
            if step == recipe.cleaning.last { try store.write(table, to: "cleaned.csv") }
            if step.afterStage != nil {
                notes.append(
                    "Cleaning “\(step.name)” goes by the model as it is given, not by its weights after the stage “\(step.afterStage ?? "")”."
                )
            }
        }
        return cleaning
    }

    private func clean(
        _ photos: [RecipePhotos.Labelled], by step: CleaningStep, _ notes: inout [String],
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> ([RecipePhotos.Labelled], String) {
        if step.method == .list { return (try listed(photos, step, &notes), "the list \(step.file ?? "")") }
        guard !photos.isEmpty else { return ([], "nothing is left to clean") }
        let gallery = try await collection(of: photos, for: step, progress)
        let cleaner = try CollectionCleaner(gallery.searcher(configuration: comparison(in: gallery)))
        let cleaned: LabelCleaning
        switch step.method {
        case .clusters:
            var settings = ClassCleaning.standard
            settings.eps = step.eps ?? settings.eps
            settings.minSamples = step.minSamples ?? settings.minSamples
            settings.tailEps = step.tailEps
            settings.tailMinSamples = step.tailMinSamples ?? settings.tailMinSamples
            settings.minimumClassSize = step.minimumClassSize ?? settings.minimumClassSize
            cleaned = try cleaner.split(settings)
        case .verifiedNeighbors, .list:
            var settings = VerifiedNeighborCleaning.glret2019
            settings.neighbors = step.neighbors ?? settings.neighbors
            settings.minimumInliers = step.minimumInliers ?? settings.minimumInliers
            settings.minimumVerified = step.minimumVerified ?? settings.minimumVerified
            settings.minimumClassSize = step.minimumClassSize ?? settings.minimumClassSize
            cleaned = try await cleaner.verify(settings)
        }
        let kept = cleaned.images.compactMap { image in
            image.newLabel.map { RecipePhotos.Labelled(path: image.path, label: $0) }
        }
        return (kept.sorted { $0.path < $1.path }, cleaned.method)
    }

    /// The photos, their labels and what the step goes by, in a collection.
    private func collection(
        of photos: [RecipePhotos.Labelled], for step: CleaningStep,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> Gallery {
        let name = step.model ?? recipe.models.first?.name ?? ""
        let global = try library.globalModel(named: name, runtime: runtime())
        var local: (any LocalFeatureExtractor)?
        if step.method == .verifiedNeighbors {
            local =
                try RecipeLocalFeatures(local: recipe.local, search: recipe.search).extractor(
                    models, library: library, runtime: runtime) ?? RootSIFTExtractor()
        }
        let path = store.url("\(Self.folder)/\(step.name)").path
        let gallery = try Gallery.openOrCreate(at: path, extractors: ExtractorSet(local: local, globals: [global]))
        let total = photos.count
        let report = try await gallery.index(exactly: photos.map(\.path), droppingOthers: true, options: options) {
            progress($0.done, total)
        }
        guard !report.isCancelled else { throw CancellationError() }
        let snapshot = try gallery.collection.snapshot()
        var changes = LabelChanges(source: .csv)
        changes.clearsAllLabels = true
        for photo in photos {
            guard let id = try snapshot.imageID(atPath: photo.path) else { continue }
            try changes.set(.landmark(photo.label), for: id)
        }
        _ = try await gallery.collection.apply(changes)
        return gallery
    }

    private func comparison(in gallery: Gallery) -> SearchConfiguration {
        var configuration = SearchConfiguration()
        configuration.pairs = gallery.analyzer.extractorSet.local.map {
            RecipeLocalFeatures(local: recipe.local, search: recipe.search).pairs($0)
        }
        return configuration
    }

    /// The photos that a published list has, with its labels. Where there is no list beside photos of another layout, all are kept.
    private func listed(
        _ photos: [RecipePhotos.Labelled], _ step: CleaningStep, _ notes: inout [String]
    ) throws -> [RecipePhotos.Labelled] {
        let name = step.file ?? ""
        let files = GoogleLandmarks(root: data)
        guard let file = files.file(name) else {
            guard !recipe.data.layout.layouts.contains(self.photos.layout) else {
                throw EvaluationError(
                    .notFound,
                    "cleaning “\(step.name)” needs the list \(name), which is not in \(data.path); put it there")
            }
            notes.append("Cleaning “\(step.name)”: there is no list \(name) for these photos, so all are kept.")
            return photos
        }
        let list = try LandmarkLabels(contentsOf: file)
        let labels = Dictionary(
            zip(list.images, list.landmarks).map { (files.path(of: $0, in: .train), "\($1)") },
            uniquingKeysWith: { first, _ in first })
        return photos.compactMap { photo in
            labels[photo.path].map { RecipePhotos.Labelled(path: photo.path, label: $0) }
        }
    }
}

extension String {
    /// The text as a cell of a CSV file.
    var csvCell: String {
        contains(where: { ",\"\n\r".contains($0) }) ? "\"\(replacing("\"", with: "\"\""))\"" : self
    }
}
