import ArgumentParser
import CairnDatasets
import CairnEvaluation
import CairnTerminal
import Foundation

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Write answers as contests take them.",
        subcommands: [SubmitRetrievalCommand.self, SubmitRecognitionCommand.self])
}

/// `cairn submit gldv2-retrieval`.
struct SubmitRetrievalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: BenchmarkLayout.googleLandmarksRetrieval.rawValue,
        abstract: "Ranked answers: id,images, the first 100 of the index for each query.",
        discussion: """
            From rankings, ready descriptors, or photos. With --layout other benchmarks' rankings are written in the same form.

            EXAMPLES
              cairn submit gldv2-retrieval gldv2/ --ranks ranks.npy -o submission.csv
              cairn submit gldv2-retrieval gldv2/ \\
                  --features index.npy --query-features test.npy --rerank alphaqe -o submission.csv
            """)

    @OptionGroup var arguments: BenchmarkArguments

    @Option(help: ArgumentHelp("Whose queries and gallery these are.", valueName: "name"))
    var layout = BenchmarkLayout.googleLandmarksRetrieval

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file.csv"))
    var output: String

    func run() async throws {
        try OutputFile.requireFolder(of: output)
        let benchmark = try arguments.benchmark(layout)
        let found = try await arguments.rankings(of: benchmark, depth: Submission.retrievalDepth + 1)
        try OutputFile.write(Submission.retrieval(found.rankings, of: benchmark), to: output)
        Console.note("\(benchmark.queries.count) queries → \(output)")
    }
}

/// `cairn submit gldv2-recognition`.
struct SubmitRecognitionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: BenchmarkLayout.googleLandmarksRecognition.rawValue,
        abstract: "Labels: id,landmarks, a landmark and its score for each query.",
        discussion: """
            EXAMPLES
              cairn submit gldv2-recognition gldv2/ -o submission.csv
              cairn submit gldv2-recognition gldv2/ --training train_clean.csv \\
                  --features train.npy --query-features test.npy -o submission.csv
            """)

    @OptionGroup var arguments: LandmarkRecognitionArguments

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file.csv"))
    var output: String

    func run() async throws {
        try OutputFile.requireFolder(of: output)
        let (answers, solution) = try await arguments.predictions()
        try OutputFile.write(Submission.recognition(answers, queries: solution.queries.map(\.image)), to: output)
        Console.note("\(answers.answers.count) of \(solution.queries.count) queries answered → \(output)")
    }
}
