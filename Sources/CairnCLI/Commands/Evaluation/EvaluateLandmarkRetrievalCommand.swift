import ArgumentParser
import CairnDatasets
import CairnEvaluation
import Foundation

/// `cairn evaluate gldv2-retrieval`.
struct EvaluateLandmarkRetrievalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: BenchmarkLayout.googleLandmarksRetrieval.rawValue,
        abstract: BenchmarkLayout.googleLandmarksRetrieval.summary + ".",
        discussion: """
            Scores a file of predictions as the contests took it (id,images), rankings, ready descriptors, or photos. Figures are over \
            all queries that are not ignored, then over the public and the private ones.

            EXAMPLES
              cairn evaluate gldv2-retrieval --solution retrieval_solution_v2.1.csv \\
                  --predictions submission.csv --json
              cairn evaluate gldv2-retrieval gldv2/ \\
                  --features index.npy --query-features test.npy --output-ranks ranks.npy
            """)

    @Option(help: ArgumentHelp("Ranked answers to score: id,images.", valueName: "file.csv"))
    var predictions: String?

    @OptionGroup var arguments: BenchmarkArguments
    @OptionGroup var outputs: EvaluationOutputs

    func validate() throws {
        guard predictions == nil || arguments.groundTruth != nil || arguments.directory != nil else {
            throw ValidationError("--predictions needs --solution, the file with the right answers.")
        }
    }

    func run() async throws {
        try outputs.prepare(hasPhotos: arguments.needsPhotos && predictions == nil)
        let report: ProtocolReport
        if let predictions {
            report = try LandmarkScores.retrieval(
                LandmarkRetrievalPredictions(contentsOf: URL(fileURLWithPath: predictions)),
                solution: GoogleLandmarks.retrievalSolution(
                    at: URL(fileURLWithPath: arguments.groundTruth ?? arguments.directory ?? "")))
        } else {
            var benchmark = try arguments.benchmark(.googleLandmarksRetrieval)
            benchmark.addUnion()
            let found = try await arguments.rankings(of: benchmark, depth: outputs.depth)
            try outputs.write(found, of: benchmark, title: arguments.directory ?? benchmark.name)
            report = found.report
        }
        try report.show(json: outputs.json)
    }
}

extension RetrievalBenchmark {
    /// Puts a setting without a name before the others: each query as the first setting that has it judges it.
    fileprivate mutating func addUnion() {
        let judgments = queries.indices.map { query in settings.lazy.compactMap { $0.judgments[query] }.first }
        settings.insert(Setting(judgments: judgments), at: 0)
    }
}
