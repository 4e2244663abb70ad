import ArgumentParser
import CairnModelLibrary
import CairnTerminal

struct ModelsRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove models. Collections that were made with them can then no longer be searched.",
        discussion: """
            EXAMPLES
              cairn models remove r50
            """)

    @Argument(help: ArgumentHelp("The models.", valueName: "name"))
    var names: [String]

    func run() async throws {
        let library = ModelLibrary.standard
        // All of them are there, or none is removed.
        for name in names { _ = try library.record(named: name) }
        for name in names {
            try library.remove(name)
            Console.print("removed \(name)")
        }
    }
}
