import ArgumentParser
import CairnAlgebra
import CairnCore
import CairnFormats
import CairnRerank
import CairnTerminal
import Foundation

struct RerankCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerank",
        abstract: "Rank a gallery of descriptors for queries, and re-rank it.",
        discussion: """
            Descriptors are one a row, of unit length: .npy [count, dimensions], or .fvecs. A .npy of \
            [count, regions, dimensions] has regional descriptors: images are then first ranked by the sums of their regions. \
            What comes out is [queries, top]: the rows of the gallery, best first, as 64-bit integers.

            EXAMPLES
              cairn rerank --gallery g.npy --queries q.npy --top 10 -o ranks.npy
              cairn rerank --gallery g.npy --queries q.npy -o ranks.npy \\
                  --rerank "dba:k=10;alphaqe:n=50,alpha=5" --scores scores.npy
              cairn rerank --gallery g.fvecs --queries q.fvecs --json \\
                  --rerank glret2019-1st --gallery-labels labels.txt
              cairn rerank --gallery g.npy --queries q.npy --rerank @m.json -o ranks.npy

            METHODS, with their settings and defaults; several stand between semicolons and run in that order
            \(methodList)

            PRESETS
            \(presetList)
            """)

    @Option(help: ArgumentHelp("The gallery’s descriptors: .npy or .fvecs.", valueName: "file"))
    var gallery: String

    @Option(help: ArgumentHelp("The queries’ descriptors.", valueName: "file"))
    var queries: String

    @Option(
        help: ArgumentHelp(
            "Methods, a preset, or @file.json; without, rows are ranked by similarity.", valueName: "methods"))
    var rerank: String?

    @Option(
        help: ArgumentHelp(
            "What gallery rows show: text with a label a line (empty: none), .npy of numbers (negative: none), or .csv with a column label.",
            valueName: "file"))
    var galleryLabels: String?

    @Option(help: ArgumentHelp("Rows for each query.", valueName: "count"))
    var top = 100

    @Option(name: .shortAndLong, help: ArgumentHelp("The .npy file of rows to write.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("The .npy file of scores to write, 32-bit floats beside the rows.", valueName: "file"))
    var scores: String?

    @Option(help: ArgumentHelp("Threads; as many as there are processors by default.", valueName: "count"))
    var threads: Int?

    @Flag(help: "Bring all rows to unit length first.")
    var normalize = false

    @Flag(help: "Print the rankings as JSON.")
    var json = false

    private static var methodList: String {
        RerankingSpecification.methods.map {
            "  \(RerankingSpecification.defaults(of: $0))\n      \($0.summary)"
        }.joined(separator: "\n")
    }

    private static var presetList: String {
        RerankingPreset.allCases.map { "  \($0.rawValue) = \($0.specification)" }.joined(separator: "\n")
    }

    func validate() throws {
        guard json || output != nil else {
            throw ValidationError("Say where the rankings go: -o FILE writes them, --json prints them.")
        }
        guard top >= 1 else { throw ValidationError("--top is \(top); it must be at least 1.") }
        if let threads, threads < 1 { throw ValidationError("--threads is \(threads); it must be at least 1.") }
        for (option, path) in [("--output", output), ("--scores", scores)] {
            if let path, (path as NSString).pathExtension.lowercased() != "npy" {
                throw ValidationError("\(option) is \(path); its name must end in .npy.")
            }
        }
        if let output, let scores, output == scores {
            throw ValidationError("--output and --scores are both \(output); give two names.")
        }
    }

    func run() async throws {
        for path in [output, scores].compactMap(\.self) { try OutputFile.requireFolder(of: path) }
        // What is wrong with the methods is told before large files are read.
        let pipeline = try rerank.map { try RerankingArgument.pipeline($0) } ?? RerankingPipeline([])
        if let method = pipeline.methodsThatNeedPhotos.first {
            throw CommandError(
                kind: .invalidArgument,
                message:
                    "\(method) compares photos, and arrays of descriptors have none; use it with cairn search, or leave it out"
            )
        }
        let arrays = try DescriptorArrays(contentsOf: gallery, normalizing: normalize)
        let asked = try DescriptorArrays(
            contentsOf: queries, normalizing: normalize, emptyDimensions: arrays.descriptors.dimensions)
        guard arrays.descriptors.count == 0 || arrays.descriptors.dimensions == asked.descriptors.dimensions else {
            throw CommandError(
                kind: .invalidInput,
                message:
                    "\(queries) has \(asked.descriptors.dimensions) dimensions and \(gallery) \(arrays.descriptors.dimensions); extract both with the same model"
            )
        }
        let labels = try galleryLabels.map { try LabelFile.read(contentsOf: $0, count: arrays.descriptors.count) }
        let width = min(top, arrays.descriptors.count)
        if width < top { Console.note("\(gallery) has \(width) rows, so there are no more for a query") }

        let threads = min(threads ?? ProcessInfo.processInfo.activeProcessorCount, 1024)
        OpenBLAS.setThreadCount(threads)
        let clock = ContinuousClock()
        let start = clock.now
        let bars = StepProgress()
        let environment = RerankingEnvironment(threads: threads) { bars.update($0, done: $1, total: $2) }
        let prepared = try await pipeline.prepare(
            RerankingGallery(descriptors: arrays.descriptors, regions: arrays.regions, labels: labels),
            environment: environment)
        let ready = clock.now
        var rankings = [Ranking](repeating: Ranking(), count: asked.descriptors.count)
        if width > 0 {
            rankings = try await prepared.rank(asked.descriptors, queryRegions: asked.regions, limit: width)
        }
        let done = clock.now
        bars.finish()

        let shape = [rankings.count, width]
        if let output {
            try NPYFile.write(NumericArray(rankings.flatMap { $0.rows.map(Int64.init) }, shape: shape), to: output)
        }
        if let scores { try NPYFile.write(NumericArray(rankings.flatMap(\.scores), shape: shape), to: scores) }
        if json {
            try Console.printJSON(
                Result(
                    rerank: RerankingSpecification.text(of: pipeline),
                    results: rankings.enumerated().map { .init(query: $0, rows: $1.rows, scores: $1.scores) },
                    preparation: (ready - start) / .seconds(1), ranking: (done - ready) / .seconds(1)))
        } else {
            let times = [ready - start, done - ready].map { String(format: "%.3f s", $0 / .seconds(1)) }
            Console.note(
                "\(rankings.count) queries, \(arrays.descriptors.count) rows: prepared in \(times[0]), ranked in \(times[1]) → \(output ?? "")"
            )
        }
    }

    /// What `--json` prints.
    private struct Result: Encodable {
        struct Entry: Encodable {
            var query: Int
            var rows: [Int32]
            var scores: [Float]
        }

        /// The methods in a line; empty for plain similarity.
        var rerank: String
        var results: [Entry]
        /// Seconds for what depends on the gallery alone.
        var preparation: Double
        /// Seconds for all queries.
        var ranking: Double
    }
}
