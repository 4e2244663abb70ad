import ArgumentParser
import CairnEvaluation
import CairnInference
import CairnRecipes
import CairnTerminal
import Foundation
import Synchronization

struct RecipeRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a recipe on photos: cleaning, index, search, re-ranking, recognition, figures.",
        discussion: """
            The photos may be in the recipe's layout or in any that cairn evaluate knows; one folder a class is the plainest, with \
            _distractor/ for photos of nothing. Models are those of cairn models, named by the recipe's roles; training is a \
            separate program's half. A run that was ended goes on where it was, and one with other settings does again what they \
            change.

            The output folder gets report.md, report.json, ranked.html, ranks.npy, submission.csv, predictions.csv, cleaned.csv, \
            photos.csv, and the collection.

            EXAMPLES
              cairn recipe run delg --data town/ --output try/ --rehearsal
              cairn recipe run radenovic-gem --data landmarks/ --output gem/ \\
                  --model gem=gl18-r101
              cairn recipe run delg --data roxford5k/ --output delg/ --model delg=delg50 \\
                  --set reranking.steps.0.method=verify:n=50
            """)

    @Argument(help: ArgumentHelp("A recipe's name, or a file.", valueName: "recipe"))
    var recipe: String

    @Option(help: ArgumentHelp("The folder of photos.", valueName: "dir"))
    var data: String

    @Option(help: ArgumentHelp("A new folder, or that of an earlier run.", valueName: "dir"))
    var output: String

    @Option(
        name: .customLong("model"),
        help: ArgumentHelp(
            "A model for one of the recipe's roles; again for several.",
            discussion: "Without it the roles that are needed are listed, with how to add models.",
            valueName: "role=name"))
    var models: [RoleArgument] = []

    @OptionGroup var overrides: RecipeOverrides

    @Flag(help: "Make networks of random weights: every step runs, and figures mean nothing. --rehearsal implies it.")
    var untrained = false

    @Option(help: ArgumentHelp("Photos of no landmark that recognition may accept: 1% or 0.01.", valueName: "share"))
    var falseAccepts = ShareArgument(share: 0.01)

    @Flag(help: "Print the report as JSON.")
    var json = false

    @OptionGroup var runtime: RuntimeOptions

    func validate() throws {
        if untrained || overrides.rehearsal, let first = models.first {
            throw ValidationError(
                "--model \(first.role)=\(first.model) names weights, and --rehearsal and --untrained make random ones.")
        }
        if let twice = Dictionary(grouping: models, by: \.role).first(where: { $0.value.count > 1 })?.key {
            throw ValidationError("--model names the role \(twice) twice.")
        }
    }

    func run() async throws {
        let recipe = try RecipeLibrary.recipe(
            recipe, rehearsing: overrides.rehearsal, overrides: overrides.overrides)
        let options = runtime
        var configuration = RecipeRunConfiguration(
            data: URL(fileURLWithPath: data), output: URL(fileURLWithPath: output)
        ) { try options.runtime(.throughput) }
        configuration.models = Dictionary(uniqueKeysWithValues: models.map { ($0.role, $0.model) })
        configuration.isUntrained = untrained || overrides.rehearsal
        configuration.falseAcceptRate = falseAccepts.share
        let runner = try RecipeRunner(recipe, configuration: configuration)
        if configuration.isUntrained {
            Console.note("RANDOM WEIGHTS: this shows that every step runs; its figures mean nothing.")
        }
        let steps = RecipeStepBars()
        let report = try await Interruption.cancelling { try await runner.run { steps.show($0) } }
        if json {
            try Console.printJSON(report)
        } else {
            Console.print(report.table)
        }
        for note in report.notes { Console.note("note: \(note)") }
        Console.note("report: \(output)/report.md and \(output)/ranked.html")
    }
}

/// A role and the model that has it, as `role=name`.
struct RoleArgument: ExpressibleByArgument {
    var role: String
    var model: String

    init?(argument: String) {
        let sides = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }) else { return nil }
        (role, model) = (sides[0], sides[1])
    }
}

/// A run's steps on standard error, one line each, with a bar for the one under way.
private final class RecipeStepBars: Sendable {
    private let bar = Mutex<ProgressBar?>(nil)

    func show(_ progress: RecipeProgress) {
        switch progress {
        case .started(let step, let number, let count):
            bar.withLock { $0 = ProgressBar("[\(number)/\(count)] \(step.title)", unit: step.unit) }
        case .advanced(_, let done, let total):
            bar.withLock { $0?.update(done: done, total: total) }
        case .finished(let step):
            bar.withLock {
                $0?.finish()
                $0 = nil
            }
            let time = step.isReused ? "as before" : String(format: "%.1f s", step.seconds)
            Console.note("\(step.step.rawValue) (\(time)): \(step.summary)")
        }
    }
}
