import ArgumentParser
import Cairn
import CairnCore
import CairnDatasets
import CairnEvaluation
import CairnImaging
import CairnModelLibrary
import CairnTerminal
import Foundation

struct EvaluateFoldersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "folders",
        abstract: "One folder a class: every other image of the query's folder is a right answer.",
        discussion: """
            Images in _distractor/ belong to no class. The query is left out of its own ranking. Features are kept between \
            runs in --collection, by default below the XDG cache folder.

            EXAMPLES
              cairn evaluate folders photos/
              cairn evaluate folders photos/ --queries photos/queries.csv --json
              cairn evaluate folders photos/ --html ranked.html
              cairn evaluate folders photos/ --model rootsift --model r50 --strategy fused
            """)

    @Argument(help: ArgumentHelp("The folder of class folders.", valueName: "dir"))
    var folder: String

    @OptionGroup var features: EvaluationFeatures

    @Option(
        help: ArgumentHelp(
            "Queries: an image column, the first one, and optionally a column kind.",
            discussion: "Default: every image of every class with two or more.", valueName: "file.csv"))
    var queries: String?

    @OptionGroup var searching: SearchOptions

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @Option(help: ArgumentHelp("Write a page of ranked results, right and wrong marked.", valueName: "file"))
    var html: String?

    func run() async throws {
        if let html { try OutputFile.requireFolder(of: html) }
        let root = URL(fileURLWithPath: folder)
        let dataset = try FolderDataset(root: root, queries: queries.map { URL(fileURLWithPath: $0) })
        let gallery = try await features.gallery(of: dataset)

        let searcher = try features.searcher(of: gallery, configuration: searching.configuration())
        let evaluation = try RetrievalEvaluation(dataset)
        let bar = ProgressBar("Searching", unit: "queries")
        let limit = max(1_000, dataset.images.count)
        let result = try await Interruption.cancelling {
            try await evaluation.run {
                bar.update(done: $0, total: evaluation.queries.count)
            } rank: {
                try await searcher.rankedAnswer(to: $0, limit: limit)
            }
        }
        bar.finish()
        for outcome in result.outcomes {
            if let failure = outcome.answer.failure { Console.note("counts as not answered: \(failure)") }
        }
        if let html {
            let sheet = EvaluationSheet(
                result, title: dataset.root, photoSize: { _ in nil }, thumbnail: { try? SheetImage(photo: $0) })
            try OutputFile.write(sheet.render(), to: html)
        }
        if json {
            try Console.printJSON(result.report)
        } else {
            Console.print(result.report.table)
        }
    }
}
