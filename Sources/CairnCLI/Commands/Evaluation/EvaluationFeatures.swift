import ArgumentParser
import Cairn
import CairnDatasets
import CairnImaging
import Foundation

/// A folder of photos with known answers, and the features that are made of it and kept.
struct EvaluationFeatures: ParsableArguments {
    @Argument(help: ArgumentHelp("The folder of class folders.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("Where features are kept.", valueName: "dir"))
    var collection: String?

    @Option(help: ArgumentHelp("hessian-affine (default) or sift.", valueName: "name"))
    var detector: DetectorName?

    @Option(help: ArgumentHelp("asmk (default) or voting.", valueName: "name"))
    var scoring: ScoringName?

    @Option(help: ArgumentHelp("Keypoints a photo, at most.", valueName: "count"))
    var keypoints: Int?

    @OptionGroup var models: ModelOptions

    func validate() throws {
        if let keypoints, !(1...100_000).contains(keypoints) {
            throw ValidationError("--keypoints is \(keypoints); it must be from 1 to 100000.")
        }
    }

    /// The data set's features, brought up to date.
    func gallery(of dataset: FolderDataset) async throws -> Gallery {
        var settings = LocalFeatureConfiguration.standard
        if let detector { settings.sift.detector = detector.detector }
        if let scoring { settings.index = scoring.configuration }
        if let keypoints { settings.sift.maximumKeypoints = keypoints }

        let extractors =
            try models.extractors(settings, goal: .throughput) ?? ExtractorSet(rootSIFT: settings)
        let path =
            try collection.map { CollectionLocation.resolve($0) }
            ?? CollectionLocation.cache(for: dataset.root, extractors)
        let gallery = try Gallery.openOrCreate(at: path, extractors: extractors)
        let bar = ProgressBar("Indexing", unit: "files")
        let report = try await Interruption.cancelling {
            try await gallery.index([dataset.root], options: IndexingOptions(prune: true)) {
                bar.update(done: $0.done, total: $0.total ?? $0.done + 1)
            }
        }
        bar.finish()
        guard !report.isCancelled else { throw ExitCode(130) }
        for failure in report.failures where dataset.images.contains(where: { $0.path == failure.path }) {
            Console.note("not indexed: \(failure.reason)")
        }
        return gallery
    }
}
