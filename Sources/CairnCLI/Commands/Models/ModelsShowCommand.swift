import ArgumentParser
import CairnModelLibrary
import CairnTerminal

struct ModelsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a model's record: origin, licence, digest, preprocessing, parameters, cost.",
        discussion: """
            EXAMPLES
              cairn models show r50
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "name"))
    var name: String

    @Flag(help: "Print the record as JSON.")
    var json = false

    func run() async throws {
        let listing = try ModelListing(ModelLibrary.standard.record(named: name))
        if json {
            try Console.printJSON(listing)
            return
        }
        Console.print(listing.name)
        for (label, value) in listing.rows {
            Console.print("  " + (label + ":").padding(toLength: 16, withPad: " ", startingAt: 0) + value)
        }
    }
}
