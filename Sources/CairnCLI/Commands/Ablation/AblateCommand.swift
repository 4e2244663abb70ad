import ArgumentParser
import CairnEvaluation
import CairnModelLibrary
import CairnRecipes
import CairnTerminal
import Foundation

struct AblateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Measure several ways of searching on the same queries, and report what each gives.",
        discussion: """
            One YAML file lists the variants. Each one's result is kept in the output folder under the digest of what decides it: a run \
            that was stopped goes on where it was, and what did not change is not run again. The report is written as Markdown, as a \
            page, and as JSON: figures with 95 % bootstrap intervals, paired differences to the baseline, time and memory a query, \
            curves.

              title: What re-ranking gives
              data: {layout: folders, directory: photos, queries: queries.csv}
              defaults: {models: [rootsift, r50]}
              variants:
                - {name: global descriptors, strategy: global}
                - {name: with αQE, strategy: global, rerank: "alphaqe:n=50,alpha=3"}
                - {name: fused, strategy: fused}

            EXAMPLES
              cairn ablate reranking.yaml --output reranking/
              cairn ablate reranking.yaml --data ~/Photos --output mine/
            """)

    @Argument(help: ArgumentHelp("The variants.", valueName: "file.yaml"))
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where results, features and the report go.", valueName: "dir"))
    var output: String

    @Option(help: ArgumentHelp("The data set’s folder, in place of the file’s own.", valueName: "dir"))
    var data: String?

    @OptionGroup var runtime: RuntimeOptions

    @Flag(help: "Print the report as JSON, instead of as a table.")
    var json = false

    func run() async throws {
        let ablation = try Ablation(contentsOf: URL(fileURLWithPath: file), directory: data)
        let options = runtime
        let runner = try AblationRunner(ablation, output: output, library: .standard) {
            try options.runtime(.throughput)
        }
        let bars = StepProgress()
        let date = Date.now.formatted(.iso8601.year().month().day())
        let report = try await Interruption.cancelling {
            try await runner.run(date: date) { bars.update("\($0): \($1)", done: $2, total: $3) }
        }
        bars.finish()
        let markdown = report.markdown()
        try OutputFile.write(markdown, to: output + "/report.md")
        try OutputFile.write(report.html(), to: output + "/report.html")
        try OutputFile.write(report.json(), to: output + "/report.json")
        if json { try Console.print(report.json()) } else { Console.print(markdown) }
        Console.note("the report is \(output)/report.html, and report.md and report.json beside it")
    }
}
