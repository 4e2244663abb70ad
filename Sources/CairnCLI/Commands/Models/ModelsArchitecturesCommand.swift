import ArgumentParser
import CairnModelLibrary
import CairnModels
import CairnTerminal

struct ModelsArchitecturesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "architectures", abstract: "List the architectures whose checkpoints load.",
        discussion: """
            EXAMPLES
              cairn models architectures
            """)

    func run() async throws {
        let backbones = Architecture.all.map { ($0.name, $0.source) }
        let rows = backbones + ModelLibrary.localArchitectures + ModelLibrary.matcherArchitectures
        let width = rows.map(\.0.count).max() ?? 0
        for (name, source) in rows {
            Console.print(name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + source)
        }
    }
}
