import ArgumentParser
import CairnModelLibrary
import CairnTerminal

struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the models that there are.",
        discussion: """
            EXAMPLES
              cairn models list
              cairn models list --json
            """)

    @Flag(help: "Print the records as JSON.")
    var json = false

    func run() async throws {
        let library = ModelLibrary.standard
        let records = try library.records()
        if json {
            try Console.printJSON(records.map(ModelListing.init))
            return
        }
        guard !records.isEmpty else {
            Console.print("no models in \(library.path); add one with `cairn models add FILE --name NAME`")
            return
        }
        let width = records.map(\.name.count).max() ?? 0
        for record in records {
            Console.print(record.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + record.sentence)
        }
    }
}
