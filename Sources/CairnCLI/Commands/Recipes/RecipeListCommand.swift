import ArgumentParser
import CairnRecipes
import CairnTerminal

struct RecipeListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the recipes that come with Cairn.",
        discussion: """
            EXAMPLES
              cairn recipe list
              cairn recipe list --json
            """)

    @Flag(help: "Print the list as JSON.")
    var json = false

    private struct Entry: Encodable {
        var name: String
        var title: String
        var models: [String]
        var trains: Bool
    }

    func run() throws {
        let entries = try RecipeLibrary.names().map { name in
            let recipe = try RecipeLibrary.recipe(name)
            return Entry(
                name: name, title: recipe.title, models: recipe.models.map(\.name), trains: recipe.training != nil)
        }
        guard !json else { return try Console.printJSON(entries) }
        let width = entries.map(\.name.count).max() ?? 0
        for entry in entries {
            Console.print(entry.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + entry.title)
        }
    }
}
