import ArgumentParser
import CairnTerminal
import CairnTraining
import Foundation

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show several runs side by side: figures, times, curves.",
        discussion: """
            EXAMPLES
              cairn-train compare softmax/delg arcface/delg --html losses.html
            """)

    @Argument(help: ArgumentHelp("Folders of models within runs, those with a log.jsonl.", valueName: "dir"))
    var runs: [String]

    @Option(help: ArgumentHelp("The page to write.", valueName: "file"))
    var html: String

    @Option(help: ArgumentHelp("The page's title.", valueName: "text"))
    var title = "Runs compared"

    func run() throws {
        let runs = try runs.map { path in
            let folder = URL(fileURLWithPath: path)
            return TrainingComparison.Run(
                name: folder.standardizedFileURL.pathComponents.suffix(2).joined(separator: "/"),
                events: try TrainingLog.read(folder.appendingPathComponent("log.jsonl").path))
        }
        try TrainingComparison(title: title, runs: runs).write(to: html)
        Console.print("written: \(html)")
    }
}
