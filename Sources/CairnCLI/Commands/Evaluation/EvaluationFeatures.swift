import ArgumentParser
import Cairn
import CairnDatasets
import CairnImaging
import CairnModelLibrary
import CairnRerank
import CairnTerminal
import Foundation

/// How features are made of photos with known answers, and where they are kept.
struct EvaluationFeatures: ParsableArguments {
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

    /// The features of photos, brought up to date.
    ///
    /// - Parameters:
    ///   - photos: The files, and no others.
    ///   - root: Names the cache: features of one data set, made in one way, are kept together.
    func gallery(of photos: [String], root: String) async throws -> Gallery {
        var settings = LocalFeatureConfiguration.standard
        if let detector { settings.sift.detector = detector.detector }
        if let scoring { settings.index = scoring.configuration }
        if let keypoints { settings.sift.maximumKeypoints = keypoints }

        let extractors =
            try models.extractors(settings, goal: .throughput) ?? ExtractorSet(rootSIFT: settings)
        let path =
            try collection.map { CollectionLocation.resolve($0) } ?? CollectionLocation.cache(for: root, extractors)
        let gallery = try Gallery.openOrCreate(at: path, extractors: extractors)
        let bar = ProgressBar("Indexing", unit: "files")
        let report = try await Interruption.cancelling {
            try await gallery.index(exactly: photos, droppingOthers: collection == nil) {
                bar.update(done: $0.done, total: $0.total ?? $0.done + 1)
            }
        }
        bar.finish()
        guard !report.isCancelled else { throw ExitCode(130) }
        for failure in report.failures { Console.note("not indexed: \(failure.path): \(failure.reason)") }
        return gallery
    }

    /// The features of a data set of one folder a class.
    func gallery(of dataset: FolderDataset) async throws -> Gallery {
        try await gallery(of: dataset.images.map(\.path), root: dataset.root)
    }

    /// What searches a gallery; matching networks are at hand where re-ranking names one.
    func searcher(of gallery: Gallery, configuration: SearchConfiguration) throws -> Searcher {
        let matches =
            configuration.reranking.isEmpty
            ? false
            : try RerankingSpecification.parse(
                configuration.reranking
            ).needsMatchers
        return try gallery.searcher(
            configuration: configuration,
            matchers: matches ? LibraryMatchers(.standard, runtime: models.runtime.runtime(.throughput)) : nil)
    }
}
