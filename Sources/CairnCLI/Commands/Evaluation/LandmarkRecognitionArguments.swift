import ArgumentParser
import Cairn
import CairnAlgebra
import CairnDatasets
import CairnEvaluation
import CairnRecognition
import CairnTerminal
import Foundation

/// Google Landmarks recognition, and what answers its queries: photos or ready descriptors.
struct LandmarkRecognitionArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The folder with the benchmark, as it is distributed.", valueName: "dir"))
    var directory: String?

    @Option(
        name: [.customLong("solution"), .customLong("ground-truth")],
        help: ArgumentHelp("The right answers: id,landmarks,Usage.", valueName: "file.csv"))
    var solution: String?

    @Option(
        help: ArgumentHelp(
            "The labelled photos, where not those of train.csv: train_clean.csv.", valueName: "file.csv"))
    var training: String?

    @Option(
        name: .customLong("features"),
        help: ArgumentHelp("Ready descriptors of the labelled photos: .npy or .fvecs.", valueName: "file"))
    var descriptors: String?

    @Option(help: ArgumentHelp("Ready descriptors of the queries.", valueName: "file"))
    var queryFeatures: String?

    @Flag(help: "Bring all rows of ready descriptors to unit length first.")
    var normalize = false

    @Option(help: ArgumentHelp("nearest, softVoting, or geometric for photos.", valueName: "name"))
    var method = RecognitionMethod.softVoting

    @OptionGroup var features: EvaluationFeatures
    @OptionGroup var searching: SearchOptions

    func validate() throws {
        guard (descriptors == nil) == (queryFeatures == nil) else {
            throw ValidationError("--features and --query-features belong together.")
        }
        guard directory != nil || solution != nil else {
            throw ValidationError("Say where the benchmark is: its folder, or --solution.")
        }
        guard [.nearest, .softVoting, .geometric].contains(method) else {
            throw ValidationError(
                "--method is \(method.rawValue), which is fitted on photos with known answers; take nearest, softVoting or geometric."
            )
        }
    }

    /// Answers every query.
    func predictions() async throws -> (LandmarkRecognitionPredictions, LandmarkRecognitionSolution) {
        var options = BenchmarkOptions()
        options.images = descriptors == nil ? .required : .unchecked
        options.training = training.map { URL(fileURLWithPath: $0) }
        let benchmark = try LandmarkRecognitionBenchmark(
            directory: directory.map { URL(fileURLWithPath: $0) },
            groundTruth: solution.map { URL(fileURLWithPath: $0) },
            options: options)
        let evaluation = try LandmarkRecognitionEvaluation(benchmark)
        let count = benchmark.solution.queries.count
        let bar = ProgressBar("Recognising", unit: "queries")
        defer { bar.finish() }
        if let descriptors, let queryFeatures {
            let gallery = try DescriptorFile(contentsOf: descriptors, tensors: ["gallery"], normalizing: normalize)
            let queries = try DescriptorFile(contentsOf: queryFeatures, tensors: ["queries"], normalizing: normalize)
            let threads = ProcessInfo.processInfo.activeProcessorCount
            OpenBLAS.setThreadCount(threads)
            let found = try evaluation.predictions(
                gallery: gallery, queries: queries, configuration: method.configuration, threads: threads,
                monitor: SearchMonitor(progress: { bar.update(done: $0, total: $1) }))
            return (found, benchmark.solution)
        }
        let root = directory.map { URL(fileURLWithPath: $0).standardizedFileURL.path } ?? ""
        let gallery = try await features.gallery(of: evaluation.trainingPaths(), root: "\(root)#gldv2-recognition")
        let found = try await Interruption.cancelling {
            try await evaluation.predictions(
                in: gallery, configuration: searching.configuration(), recognition: method.configuration
            ) { bar.update(done: $0, total: count) }
        }
        return (found, benchmark.solution)
    }
}
