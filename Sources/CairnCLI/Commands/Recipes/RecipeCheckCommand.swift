import ArgumentParser
import CairnEvaluation
import CairnRecipes
import CairnTerminal

struct RecipeCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a recipe: unknown keys, impossible values, parts that do not go together.",
        discussion: """
            Errors name the line. The rehearsal is checked too, where the file has one.

            EXAMPLES
              cairn recipe check mine.yaml
              cairn recipe check delg --set models.0.backbone=resnet101
            """)

    @Argument(help: ArgumentHelp("A recipe's name, or a file.", valueName: "recipe"))
    var recipe: String

    @OptionGroup var overrides: RecipeOverrides

    func run() throws {
        let document = try RecipeLibrary.document(recipe)
        let read = try Recipe(
            document: document, rehearsing: overrides.rehearsal, overrides: overrides.overrides)
        if document.root.child("rehearsal") != nil { _ = try Recipe(document: document, rehearsing: true) }
        let steps = RecipeStep.steps(of: read).map(\.rawValue).joined(separator: ", ")
        Console.print("\(read.name): \(read.title)\nsteps: \(steps)")
    }
}
