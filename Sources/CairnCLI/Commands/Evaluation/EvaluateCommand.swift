import ArgumentParser

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure how well search and recognition do on photos with known answers.",
        subcommands: [EvaluateFoldersCommand.self, EvaluateRecognitionCommand.self])
}
