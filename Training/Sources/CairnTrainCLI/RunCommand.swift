import ArgumentParser
import CairnRecipes
import CairnTerminal
import CairnTorch
import CairnTraining
import Foundation

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Train the models of a recipe.",
        discussion: """
            The output folder gets, for each model, log.jsonl (a line an event), report.html (curves, epochs, settings), samples.jpg \
            (photos as the network sees them), best.safetensors and last.safetensors (for cairn models add), and \
            state.safetensors, from which a run that was ended goes on exactly.

            Models begin with published weights where the recipe says so: name the file, in timm's or torchvision's names. Classes \
            for validation are held out where the recipe's data says share.

            EXAMPLES
              cairn-train run delg --data landmarks/ --output run/ --from-scratch
              cairn-train run delg --data landmarks/ --output run/ \\
                  --weights delg=resnet50.safetensors --set training.stages.0.epochs=10
              cairn-train run my-recipe.yaml --data landmarks/ --output run/ \\
                  --device cuda
              cairn-train run delg --data town/ --output try/ --rehearsal
            """)

    @Argument(help: ArgumentHelp("A recipe's name, or a file.", valueName: "recipe"))
    var recipe: String

    @Option(help: ArgumentHelp("The folder of labelled photos.", valueName: "dir"))
    var data: String

    @Option(help: ArgumentHelp("A new folder.", valueName: "dir"))
    var output: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change a setting of the recipe, by its path; again for several.", valueName: "path=value"))
    var overrides: [String] = []

    @Flag(help: "Apply the recipe's own rehearsal: everything small, from random weights, to see it run.")
    var rehearsal = false

    @Option(
        name: .customLong("weights"),
        help: ArgumentHelp("A checkpoint that a model begins with; again for several.", valueName: "model=file"))
    var weights: [WeightsArgument] = []

    @Flag(help: "Models without --weights begin with random numbers.")
    var fromScratch = false

    @Option(
        name: .customLong("model"),
        help: ArgumentHelp("Train this model of the recipe alone; again for several.", valueName: "name"))
    var models: [String] = []

    @OptionGroup var machine: MachineOptions

    func validate() throws {
        if let twice = Dictionary(grouping: weights, by: \.model).first(where: { $0.value.count > 1 })?.key {
            throw ValidationError("--weights names the model \(twice) twice.")
        }
        try machine.check()
    }

    func run() async throws {
        let recipe = try RecipeLibrary.recipe(recipe, rehearsing: rehearsal, overrides: overrides)
        var options = TrainingOptions(data: URL(fileURLWithPath: data).standardizedFileURL.path)
        options.weights = Dictionary(
            uniqueKeysWithValues: weights.map { ($0.model, URL(fileURLWithPath: $0.file).standardizedFileURL.path) })
        options.startsFromScratch = fromScratch || rehearsal
        options.models = models
        machine.apply(to: &options)
        let folder = URL(fileURLWithPath: output)
        let settings = options
        try await Interruption.cancelling {
            let place = try TrainingPlace(settings)
            let run = try TrainingRun(
                beginning: recipe, options: settings, in: folder, isWriter: place.group?.isWriter ?? true)
            try await run.train(on: place.device, group: place.group)
        }
        guard ProcessInfo.processInfo.environment["RANK"] ?? "0" == "0" else { return }
        Console.print(
            "trained: \(output); cairn-train export \(output) -o MODEL.safetensors writes the best epoch's model")
    }
}

/// `model=file`.
struct WeightsArgument: ExpressibleByArgument {
    let model: String
    let file: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        (model, file) = (parts[0], parts[1])
    }
}
