import ArgumentParser
import CairnRecipes
import CairnTerminal
import Foundation

struct RecipeShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a recipe step by step, each with the document that it is from.",
        discussion: """
            As JSON it is complete: what the file leaves out is written with its default.

            EXAMPLES
              cairn recipe show glret2020-3rd
              cairn recipe show delg --rehearsal
              cairn recipe show mine.yaml --set search.depth=20 --json
            """)

    @Argument(help: ArgumentHelp("A recipe's name, or a file.", valueName: "recipe"))
    var recipe: String

    @OptionGroup var overrides: RecipeOverrides

    @Flag(help: "Print all settings as JSON.")
    var json = false

    func run() throws {
        let read = try RecipeLibrary.recipe(
            recipe, rehearsing: overrides.rehearsal, overrides: overrides.overrides)
        if json {
            try Console.printJSON(read)
        } else {
            Console.print(RecipeText(read).description.trimmingCharacters(in: .newlines))
        }
    }
}
