import ArgumentParser

struct DatasetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets",
        abstract: "See which benchmarks can be read, what they need, and whether yours is whole.",
        discussion: """
            Nothing is downloaded: get the files from where they are published, and say where they are.

            EXAMPLES
              cairn datasets list
              cairn datasets show roxford5k
              cairn datasets verify roxford5k ~/data/roxford5k
            """,
        subcommands: [DatasetsListCommand.self, DatasetsShowCommand.self, DatasetsVerifyCommand.self])
}
