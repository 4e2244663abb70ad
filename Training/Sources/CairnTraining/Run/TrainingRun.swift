import CairnRecipes
import CairnTorch
import Foundation

/// A recipe's training, from a folder of labelled photos to models that can be served.
///
/// ```swift
/// let run = try TrainingRun(beginning: recipe, options: options, in: URL(fileURLWithPath: "run"))
/// try run.train()
/// ```
///
/// Blocks until training is done; it is meant for a task of its own, whose cancellation ends it after a checkpoint.
public final class TrainingRun {
    /// What is trained.
    public let recipe: Recipe
    /// What it was told.
    public let options: TrainingOptions
    private let folder: RunFolder
    private let photos: (training: [LabelledPhoto], validation: [LabelledPhoto])

    /// Begins a run in a folder that is empty or not there yet.
    ///
    /// - Throws: `TrainingError` for a folder that is in use, a recipe that trains nothing, or a model that there is not.
    public init(beginning recipe: Recipe, options: TrainingOptions, in folder: URL, isWriter: Bool = true) throws {
        guard let training = recipe.training else {
            throw TrainingError(
                .invalidArgument,
                "\(recipe.name) trains nothing: it uses networks as they are published; cairn recipe run runs it")
        }
        for name in options.models + options.weights.keys where !recipe.models.contains(where: { $0.name == name }) {
            throw TrainingError(
                .notFound,
                "\(recipe.name) has no model “\(name)”; it has \(recipe.models.map(\.name).joined(separator: ", "))")
        }
        // All that can be wrong with the words is found before a folder is made.
        photos = try TrainingPhotos(recipe: recipe, directory: URL(fileURLWithPath: options.data)).load()
        for model in recipe.models where options.models.isEmpty || options.models.contains(model.name) {
            try StartingWeights.check(model, of: training, options: options)
        }
        if let validation = training.validation {
            _ = try RetrievalValidation(photos: photos.validation, figure: validation.figure)
        }
        self.recipe = recipe
        self.options = options
        self.folder = RunFolder(folder)
        if isWriter { try self.folder.begin(.init(recipe: recipe, options: options)) }
    }

    /// Goes on with a run. Throws `TrainingError` where the folder is none of a run.
    ///
    /// - Parameter changes: Changes options that do not change numbers, such as threads.
    public init(resuming folder: URL, changes: (inout TrainingOptions) -> Void = { _ in }) throws {
        self.folder = RunFolder(folder)
        let settings = try self.folder.settings()
        recipe = settings.recipe
        var options = settings.options
        changes(&options)
        self.options = options
        photos = try TrainingPhotos(recipe: recipe, directory: URL(fileURLWithPath: options.data)).load()
    }

    /// Trains every model of the recipe that the options name, in the recipe's order. Models that are trained already are passed over.
    ///
    /// - Parameter group: The processes that share the run; `nil` for one.
    /// - Throws: `CancellationError` where the task is cancelled: all is kept, and `init(resuming:)` goes on with it. Else what went wrong.
    public func train(on device: TorchDevice, group: ProcessGroup? = nil) async throws {
        // Where there are several processes, the folder is there when all have come so far.
        try group?.barrier()
        let processes = TrainingProcesses(group: group)
        let lock = processes.isWriter ? try RunLock(folder.url) : nil
        defer { withExtendedLifetime(lock) {} }
        let data = URL(fileURLWithPath: options.data)
        let validation = try recipe.training?.validation.map {
            try RetrievalValidation(photos: photos.validation, figure: $0.figure)
        }
        let labels = StageLabels(
            recipe: recipe, folder: folder, training: photos.training, data: data,
            isWriter: processes.isWriter)
        var trained: [String: TrainableNetwork] = [:]
        for model in recipe.models where options.models.isEmpty || options.models.contains(model.name) {
            guard recipe.training?.stages(of: model.name).isEmpty == false else { continue }
            let trainer = try ModelTrainer(
                .init(
                    recipe: recipe, model: model, options: options, folder: folder, labels: labels,
                    validation: validation, device: device, processes: processes, earlier: trained))
            trained[model.name] = try await trainer.train()
        }
        try group?.barrier()
        guard !trained.isEmpty else {
            throw TrainingError(
                .invalidArgument, "\(recipe.name) has no stage for \(options.models.joined(separator: ", "))")
        }
    }
}
