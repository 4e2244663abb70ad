import CairnCheckpoints
import CairnModels
import CairnNN
import CairnRecipes
import CairnTorch

/// What a network starts from: a published checkpoint, or random numbers.
struct StartingWeights {
    /// The checkpoint; `nil` for random numbers.
    let file: String?

    /// Parameters for a model. A checkpoint fills the whole network where it has all of it, and else the backbone strictly: what is
    /// behind it begins with random numbers, and a published classifier is left aside.
    ///
    /// - Parameters:
    ///   - seed: Starts the random numbers.
    ///   - device: Where tensors are.
    /// - Throws: `CheckpointError` with what is missing, unused or of another shape.
    func parameters(of model: RecipeModel, seed: UInt64, device: TorchDevice) throws -> TorchParameters {
        guard let stored = try stored(for: model) else { return TorchParameters(seed: seed, device: device) }
        return TorchParameters(seed: seed, device: device, storage: stored, hasStored: stored.contains)
    }

    /// What the checkpoint has for a model; `nil` without one.
    func stored(for model: RecipeModel) throws -> CheckpointParameters? {
        guard let file else { return nil }
        let checkpoint = try Checkpoint(contentsOf: file)
        let specs = try TrainableNetwork.specs(of: model)
        let whole = try CheckpointMatch(checkpoint, with: specs)
        if whole.isComplete { return try whole.parameters() }
        let architecture = try Architecture.named(model.backbone)
        let patterns = architecture.classifierPrefixes.map { $0 + "*" } + architecture.ignoredNames
        return try checkpoint.parameters(
            for: specs.filter { !$0.name.isBehindBackbone }, configuration: .ignoringHead(patterns))
    }

    /// Throws where a model's first stage begins with published weights that the options do not name, or that do not fit.
    static func check(_ model: RecipeModel, of training: RecipeTraining, options: TrainingOptions) throws {
        let stages = training.stages(of: model.name)
        guard stages.enumerated().contains(where: { ($1.start ?? ($0 == 0 ? .pretrained : .previous)) == .pretrained })
        else { return }
        guard let file = options.weights[model.name] else {
            guard options.startsFromScratch else {
                throw TrainingError(
                    .invalidArgument,
                    "\(model.name) begins with published weights (\(model.weights ?? model.backbone)); give them as --weights \(model.name)=FILE, or train --from-scratch"
                )
            }
            return
        }
        _ = try StartingWeights(file: file).stored(for: model)
    }
}

extension String {
    /// The name of a parameter that no public backbone has.
    var isBehindBackbone: Bool {
        ["pool.", "head.", "local."].contains { hasPrefix($0) }
    }
}
