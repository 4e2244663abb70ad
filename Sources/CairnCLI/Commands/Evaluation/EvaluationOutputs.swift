import ArgumentParser
import CairnDatasets
import CairnEvaluation
import CairnFormats
import CairnImaging
import CairnTerminal
import Foundation

/// What an evaluation writes.
struct EvaluationOutputs: ParsableArguments {
    @Flag(help: "Print the figures as JSON.")
    var json = false

    @Option(help: ArgumentHelp("Write a page of ranked results, right, wrong and junk marked.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Queries on the page, the worst first.", valueName: "count"))
    var htmlQueries = 500

    @Option(help: ArgumentHelp("Write curves as SVG: precision-recall and CMC.", valueName: "dir"))
    var curves: String?

    @Option(help: ArgumentHelp("Write the rankings: .npy [queries, depth] of gallery rows.", valueName: "file.npy"))
    var outputRanks: String?

    @Option(
        name: .customLong("depth"), help: ArgumentHelp("Rows of each ranking that are written.", valueName: "count"))
    var rankDepth = 100

    func validate() throws {
        guard (1...1_000_000).contains(rankDepth) else {
            throw ValidationError("--depth is \(rankDepth); it must be from 1 to 1000000.")
        }
        guard htmlQueries >= 1 else {
            throw ValidationError("--html-queries is \(htmlQueries); it must be at least 1.")
        }
        if let outputRanks, (outputRanks as NSString).pathExtension.lowercased() != "npy" {
            throw ValidationError("--output-ranks is \(outputRanks); its name must end in .npy.")
        }
    }

    /// How much of each ranking is needed.
    var depth: Int { outputRanks == nil ? 0 : rankDepth }

    /// Throws where a file cannot be: before the work.
    ///
    /// - Parameter hasPhotos: Whether photos are searched, which a page shows.
    func prepare(hasPhotos: Bool) throws {
        guard html == nil || hasPhotos else {
            throw CommandError(
                kind: .invalidArgument,
                message: "a page of results shows photos; evaluate the folder with the photos, or leave --html out")
        }
        for path in [html, outputRanks].compactMap(\.self) { try OutputFile.requireFolder(of: path) }
        if let curves { try OutputFile.makeFolder(curves) }
    }

    /// Writes what was asked for.
    func write(_ found: BenchmarkRankings, of benchmark: RetrievalBenchmark, title: String) throws {
        if let outputRanks { try write(found.rankings, to: outputRanks) }
        if let curves {
            for file in EvaluationCurves(found.scorer).files {
                try OutputFile.write(file.contents, to: curves + "/" + file.name)
            }
        }
        guard let html else { return }
        guard let shown = found.shown else { return }
        let sheet = EvaluationSheet(
            shown, title: title, scoring: benchmark.scoring, setting: found.shownSetting,
            limit: .worst(htmlQueries),
            photoSize: { try? ImageDecoder().metadata(contentsOf: $0).size }, thumbnail: { try? SheetImage(photo: $0) })
        try OutputFile.write(sheet.render(), to: html)
    }

    private func write(_ rankings: [[Int32]], to path: String) throws {
        let width = min(rankDepth, rankings.map(\.count).max() ?? 0)
        let rows = rankings.flatMap { ranking -> [Int64] in
            ranking.prefix(width).map(Int64.init) + Array(repeating: -1, count: max(0, width - ranking.count))
        }
        try NPYFile.write(NumericArray(rows, shape: [rankings.count, width]), to: path)
    }
}
