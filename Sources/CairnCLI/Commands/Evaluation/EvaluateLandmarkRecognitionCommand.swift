import ArgumentParser
import CairnDatasets
import CairnEvaluation
import Foundation

/// `cairn evaluate gldv2-recognition`.
struct EvaluateLandmarkRecognitionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: BenchmarkLayout.googleLandmarksRecognition.rawValue,
        abstract: BenchmarkLayout.googleLandmarksRecognition.summary + ".",
        discussion: """
            Scores a file of predictions as the contests took it (id,landmarks: a landmark and a score), or answers the queries by ready \
            descriptors or photos. GAP is over all queries that are not ignored, then over the public and the private ones.

            EXAMPLES
              cairn evaluate gldv2-recognition --solution recognition_solution_v2.1.csv \\
                  --predictions submission.csv --json
              cairn evaluate gldv2-recognition gldv2/ --training train_clean.csv \\
                  --features train.npy --query-features test.npy
            """)

    @Option(help: ArgumentHelp("Answers to score: id,landmarks.", valueName: "file.csv"))
    var predictions: String?

    @OptionGroup var arguments: LandmarkRecognitionArguments

    @Flag(help: "Print the figures as JSON.")
    var json = false

    func run() async throws {
        let report: ProtocolReport
        if let predictions {
            let benchmark = try LandmarkRecognitionBenchmark(
                groundTruth: URL(fileURLWithPath: arguments.solution ?? arguments.directory ?? ""))
            report = try LandmarkScores.recognition(
                LandmarkRecognitionPredictions(contentsOf: URL(fileURLWithPath: predictions)),
                solution: benchmark.solution)
        } else {
            let (answers, solution) = try await arguments.predictions()
            report = try LandmarkScores.recognition(answers, solution: solution)
        }
        try report.show(json: json)
    }
}
