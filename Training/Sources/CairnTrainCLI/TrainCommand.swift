import ArgumentParser
import CairnTerminal

/// The command line of training: parsing, printing, exit statuses. Everything else is in the modules below.
@main
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cairn-train",
        abstract: "Trains a model of your own from labelled photos.",
        discussion: """
            EXAMPLES
              cairn-train run delg --data landmarks/ --output run/ --from-scratch
              cairn-train resume run/                     go on after a stop, exactly
              cairn-train export run/ -o mine.safetensors
              cairn models add mine.safetensors --name mine

            Photos are in the recipe's layout, or one folder a class. cairn recipe list names the recipes that come with Cairn.
            Several processes: torchrun --no-python --nproc-per-node 2 cairn-train run …
            """,
        version: "cairn-train 0.1.0",
        subcommands: [RunCommand.self, ResumeCommand.self, ExportCommand.self, CompareCommand.self])

    static func main() async {
        await CommandMain.run(
            Self.self, stopped: "what is done is kept, and cairn-train resume goes on with it")
    }
}
