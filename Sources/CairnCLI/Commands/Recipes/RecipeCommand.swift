import ArgumentParser

struct RecipeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipe",
        abstract: "Whole solutions from papers and contests, each in one file: look at them, change them, run them.",
        discussion: """
            EXAMPLES
              cairn recipe list
              cairn recipe show delg
              cairn recipe run delg --data town/ --output rehearsal/ --rehearsal
            """,
        subcommands: [
            RecipeListCommand.self, RecipeShowCommand.self, RecipeCheckCommand.self, RecipeRunCommand.self,
        ])
}

/// Changes of a recipe's settings.
struct RecipeOverrides: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change a setting before anything is read; again for several.",
            discussion: "Keys between dots; an item of a list is its number from 0, its name, or * for all.",
            valueName: "key=value"))
    var overrides: [String] = []

    @Flag(help: "Apply the recipe's own rehearsal, which makes everything small.")
    var rehearsal = false
}
