import ArgumentParser
import CairnTerminal
import CairnTraining
import Foundation

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a trained model for cairn models add.",
        discussion: """
            A file ending in .onnx becomes a graph for other programs; any other name a .safetensors file that describes itself: \
            architecture, size, normalisation, scales, and where it comes from.

            EXAMPLES
              cairn-train export run/ -o mine.safetensors
              cairn models add mine.safetensors --name mine
              cairn-train export run/ --last -o mine.onnx
            """)

    @Argument(help: ArgumentHelp("The folder of a run.", valueName: "dir"))
    var folder: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The file: .safetensors or .onnx.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Which model, where the recipe trains several.", valueName: "name"))
    var model: String?

    @Flag(help: "The last epoch's model, not the best one's.")
    var last = false

    func run() throws {
        let report = try TrainedModelExport(
            run: URL(fileURLWithPath: folder), model: model, isLast: last
        ).write(to: output)
        Console.print(report)
    }
}
