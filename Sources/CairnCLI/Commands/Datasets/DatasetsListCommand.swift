import ArgumentParser
import CairnDatasets
import CairnTerminal

struct DatasetsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the benchmarks that can be read.",
        discussion: """
            EXAMPLES
              cairn datasets list
              cairn datasets list --json
            """)

    @Flag(help: "Print the list as JSON.")
    var json = false

    func run() async throws {
        let layouts = BenchmarkLayout.allCases
        if json {
            try Console.printJSON(layouts.map(DatasetListing.init))
            return
        }
        let width = layouts.map(\.rawValue.count).max() ?? 0
        for layout in layouts {
            Console.print(layout.rawValue.padding(toLength: width + 2, withPad: " ", startingAt: 0) + layout.summary)
        }
    }
}
