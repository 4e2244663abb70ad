import CairnAlgebra
import CairnCore
import CairnEvaluation
import CairnImaging
import CairnMetrics
import CairnRecipes
import CairnTorch
import CairnTrainingData
import Foundation

/// Trains one model of a recipe through all its stages, and keeps the books: log, report, checkpoints, validation.
final class ModelTrainer {
    /// What a model is trained with.
    struct Setting {
        let recipe: Recipe
        let model: RecipeModel
        let options: TrainingOptions
        let folder: RunFolder
        let labels: StageLabels
        let validation: RetrievalValidation?
        let device: TorchDevice
        let processes: TrainingProcesses
        /// Models that were trained before this one, for cleaning by their descriptors.
        let earlier: [String: TrainableNetwork]
    }

    let setting: Setting
    private let stages: [TrainingStage]
    private let seeds: Seeds
    private let home: URL
    /// Of everything in the recipe that numbers depend on.
    private let settingsDigest: String
    private var position = TrainingPosition()
    private var network: TrainableNetwork?
    private var restored: TrainingCheckpoint?
    private var classifier: StageObjective?
    private var firstStep = 0
    private var warned: Set<String> = []

    /// Prepares a model's training. Throws `TrainingError` where the recipe has no stage for it.
    init(_ setting: Setting) throws {
        guard let training = setting.recipe.training else {
            throw TrainingError(.invalidArgument, "\(setting.recipe.name) trains nothing: it has no section “training”")
        }
        self.setting = setting
        stages = training.stages(of: setting.model.name)
        seeds = Seeds(root: UInt64(training.seed))
        home = try setting.folder.model(setting.model.name)
        settingsDigest = try RunDigest.text(recipe: setting.recipe, model: setting.model.name)
        guard !stages.isEmpty else {
            throw TrainingError(.invalidArgument, "no stage of \(setting.recipe.name) trains \(setting.model.name)")
        }
    }

    /// Trains from the beginning, or from the last checkpoint where there is one. Gives the network as it is kept.
    func train() async throws -> TrainableNetwork {
        let state = file("state.safetensors")
        if FileManager.default.fileExists(atPath: state) {
            let checkpoint = try TrainingCheckpoint(contentsOf: state)
            guard checkpoint.settings == settingsDigest else {
                throw TrainingError(
                    .conflict,
                    "\(state) is of a run with other settings; resume it with those, or begin in another folder")
            }
            guard checkpoint.position.photosDigest == photosDigest else {
                throw TrainingError(
                    .conflict,
                    "\(setting.options.data) has other photos or labels than when the run began; put back what it had, or begin in another folder"
                )
            }
            position = checkpoint.position
            firstStep = position.globalStep
            restored = checkpoint
        }
        position.photosDigest = photosDigest
        let network = try TrainableNetwork(model: setting.model, parameters: startingParameters(stage: position.stage))
        self.network = network
        if let saved = restored?.sections[.network] {
            try TrainingState.restore(saved, into: network.parameters.named, of: "the network")
        }
        guard position.stage < stages.count else { return network }
        let diary = try TrainingDiary(
            home: home, resuming: restored?.record, isWriter: setting.processes.isWriter, start: runRecord())
        do {
            try await trainStages(diary)
        } catch {
            try? diary.stop(reason: Self.reason(of: error), at: position)
            throw error
        }
        try diary.finish(at: position)
        return self.network ?? network
    }

    private func trainStages(_ diary: TrainingDiary) async throws {
        while position.stage < stages.count {
            let trainer = try await stageTrainer(diary)
            if let checkpoint = restored {
                try restore(checkpoint, into: trainer)
                restored = nil
            } else {
                try diary.begin(stageRecord(trainer))
                // A stage that has begun can be gone on with, labels and all.
                try save(trainer, diary, isEpochEnd: false)
            }
            // The trainer moves on in a copy; what it tells along the way is taken over.
            var place = position
            try trainer.run(from: &place, listener: listener(trainer, diary)) { epoch in
                try self.mined(trainer, epoch: epoch, diary)
            }
            position = place
            // What is kept of a stage is what its average says, if it has one.
            try trainer.average?.adopt()
            try await clean(after: trainer.setting.stage, diary)
            position.beginStage(after: trainer.setting.photos.all.classNames)
            if position.stage == stages.count { try save(trainer, diary, isEpochEnd: true) }
        }
    }
}

// MARK: - A stage's parts
extension ModelTrainer {
    private func stageTrainer(_ diary: TrainingDiary) async throws -> StageTrainer {
        let stage = stages[position.stage]
        guard let before = network else { preconditionFailure("a stage without a network") }
        if position.stage == 0, restored == nil { try await clean(after: nil, diary) }
        // Labels are cleaned by what the stage before has learned, also where this one begins anew.
        let photos = try await stagePhotos(stage, before, diary)
        var network = before
        if position.stage > 0, restored == nil, stage.start == .random || stage.start == .pretrained {
            network = try TrainableNetwork(model: setting.model, parameters: startingParameters(stage: position.stage))
            self.network = network
        }
        let seed = seeds.classifier(of: setting.model.name, stage: position.stage)
        let objective = try StageObjective(
            stage: stage, network: network, classCounts: photos.classCounts, seed: seed, device: setting.device,
            processes: setting.processes)
        if let before = classifier, restored == nil, !stage.classifier.restarts,
            position.classes == photos.all.classNames
        {
            try objective.parameters.adoptMatching(before.parameters)
        }
        classifier = objective
        return try StageTrainer(
            .init(
                index: position.stage, stage: stage, photos: photos, network: network, objective: objective,
                seeds: seeds, device: setting.device, processes: setting.processes, options: setting.options,
                stepsBefore: position.globalStep - firstStep))
    }

    private func stagePhotos(
        _ stage: TrainingStage, _ network: TrainableNetwork, _ diary: TrainingDiary
    ) async throws -> StagePhotos {
        let photos = try await labels(stage.data, by: network, stage, diary)
        var kept: Set<String> = []
        if let outside = stage.outside {
            kept = Set(try await labels(outside.cleaning, by: network, stage, diary).map(\.path))
        }
        return try StagePhotos(photos, outside: stage.outside, kept: kept)
    }

    /// The labels of a stage's data. A cleaning step that has not run yet goes by the network, or by a model that was trained before.
    private func labels(
        _ name: String, by network: TrainableNetwork, _ stage: TrainingStage, _ diary: TrainingDiary
    ) async throws -> [LabelledPhoto] {
        try await setting.labels.labels(named: name) { model, paths in
            guard let describing = model == self.setting.model.name ? network : self.setting.earlier[model] else {
                throw TrainingError(
                    .invalidArgument,
                    "cleaning “\(name)” goes by \(model), which is not trained yet; list it before \(self.setting.model.name)"
                )
            }
            return try self.described(paths, by: describing, stage).descriptors
        } note: {
            try diary.note($0, at: self.position)
        }
    }

    /// Runs the cleaning steps that go by this model as it is now: those after a stage, or before all of them.
    private func clean(after stage: TrainingStage?, _ diary: TrainingDiary) async throws {
        let name = setting.model.name
        for step in setting.recipe.cleaning
        where step.method != .list && step.afterStage == stage?.name
            && (step.model ?? setting.recipe.models.first?.name) == name
        {
            guard let network else { preconditionFailure("a stage without a network") }
            _ = try await labels(step.name, by: network, stage ?? stages[0], diary)
        }
    }

    private func startingParameters(stage: Int) throws -> TorchParameters {
        let seed = seeds.weights(of: setting.model.name)
        let start = stages[min(stage, stages.count - 1)].start ?? (stage == 0 ? .pretrained : .previous)
        // What a checkpoint restores begins with whatever costs least.
        let isPublished = restored == nil && start == .pretrained
        let file = isPublished ? setting.options.weights[setting.model.name] : nil
        return try StartingWeights(file: file).parameters(of: setting.model, seed: seed, device: setting.device)
    }

    private func mined(_ trainer: StageTrainer, epoch: Int, _ diary: TrainingDiary) throws -> [TrainingTuple] {
        let stage = trainer.setting.stage
        guard let mining = stage.mining else { return [] }
        let photos = trainer.setting.photos.all
        // Between two minings an epoch has the tuples of the last.
        guard epoch % mining.every == 0 || position.tuples.isEmpty else { return position.tuples }
        let labels = photos.photos.map(\.label)
        let draw = try MiningDraw(
            labels: labels, settings: mining, seed: seeds.photos(of: setting.model.name, stage: position.stage),
            epoch: epoch + 1)
        let described = try described(draw.photos.map { photos[$0].path }, by: trainer.setting.network, stage)
        let mined = try MinedTuples(
            draw, descriptors: described.descriptors, labels: labels, negatives: mining.negatives)
        let similarities = [mined.meanPositiveSimilarity, mined.meanNegativeSimilarity].map {
            String(format: "%.3f", $0)
        }
        try diary.note(
            "Mined \(mined.tuples.count) tuples among \(draw.pool.count) photos: cosine \(similarities[0]) to matches, \(similarities[1]) to hard ones.",
            at: position)
        return mined.tuples
    }

    /// Photos described by all processes together; each has the whole result.
    private func described(
        _ paths: [String], by network: TrainableNetwork, _ stage: TrainingStage
    ) throws -> (descriptors: DescriptorMatrix, unreadable: [UnreadablePhoto]) {
        let describer = PhotoDescriber(
            network: network, device: setting.device, usesBFloat16: stage.precision == .bf16,
            workers: setting.options.workers)
        return try setting.processes.described(paths, by: describer)
    }
}

// MARK: - What happens along the way
extension ModelTrainer {
    private func listener(_ trainer: StageTrainer, _ diary: TrainingDiary) -> StageTrainer.Listener {
        StageTrainer.Listener(
            step: { record, position in
                self.position = position
                return try diary.step(record, self.setting.options)
            },
            checkpoint: { position in
                self.position = position
                try self.save(trainer, diary, isEpochEnd: false)
            },
            epoch: { position in
                self.position = position
                try self.endEpoch(trainer, diary)
                position = self.position
            },
            note: { text, isWarning in try diary.note(text, at: self.position, isWarning: isWarning) },
            batch: { batch in try self.saveSamples(batch, trainer) },
            failure: { batch, reason in
                try FailedBatch(batch, reason).write(
                    to: self.home, trainer.setting.photos.all, rank: self.setting.processes.rank)
            })
    }

    private func endEpoch(_ trainer: StageTrainer, _ diary: TrainingDiary) throws {
        let stage = trainer.setting.stage
        let every = setting.recipe.training?.validation?.every ?? 1
        let isLast = position.epoch + 1 == stage.epochs
        var figures: [MetricFigure] = []
        let began = ContinuousClock.now
        if let validation = setting.validation, isLast || (position.epoch + 1) % every == 0 {
            figures = try withKeptWeights(trainer) {
                let described = try self.described(validation.photos.map(\.path), by: trainer.setting.network, stage)
                for photo in described.unreadable where self.warned.insert(photo.path).inserted {
                    try diary.note("\(photo.path) cannot be read: \(photo.reason)", at: self.position, isWarning: true)
                }
                return try validation.figures(of: described.descriptors)
            }
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        position.seconds += seconds
        let figure = setting.validation?.figure
        let value = figures.first { $0.name == figure }?.value
        var isBest = false
        if let value, position.best.map({ value > $0.value }) ?? true {
            position.best = .init(stage: position.stage, epoch: position.epoch + 1, value: value)
            isBest = true
        }
        try diary.epoch(position, figures: figures, validationSeconds: seconds)
        if setting.processes.isWriter {
            try withKeptWeights(trainer) {
                let before = stages[..<position.stage].map(\.epochs).reduce(0, +)
                let model = TrainedModel(
                    network: trainer.setting.network, recipe: setting.recipe, epochs: before + position.epoch + 1,
                    figure: figures.first { $0.name == figure })
                try model.write(to: file("last.safetensors"))
                if isBest || figure == nil { try model.write(to: file("best.safetensors")) }
            }
        }
        // The state is that of the next epoch's beginning: a run that goes on has nothing to do twice.
        let finished = position
        position.beginEpoch()
        try save(trainer, diary, isEpochEnd: true, isBest: isBest)
        position = finished
        diary.report()
    }

    private func withKeptWeights<R>(_ trainer: StageTrainer, _ body: () throws -> R) throws -> R {
        guard let average = trainer.average else { return try body() }
        return try average.withAverages(body)
    }

    private func save(_ trainer: StageTrainer, _ diary: TrainingDiary, isEpochEnd: Bool, isBest: Bool = false) throws {
        guard setting.processes.isWriter else { return }
        let isNextEpoch = isEpochEnd && position.stage < stages.count
        let record = CheckpointRecord(
            stage: isEpochEnd && !isNextEpoch ? position.stage - 1 : position.stage,
            epoch: isEpochEnd
                ? (isNextEpoch ? position.epoch : stages[position.stage - 1].epochs + 1) : position.epoch + 1,
            globalStep: position.globalStep, isEpochEnd: isEpochEnd, isBest: isBest, file: "state.safetensors")
        let checkpoint = TrainingCheckpoint(
            position: position, record: record, settings: settingsDigest,
            sections: [
                .network: trainer.setting.network.parameters.named,
                .losses: trainer.setting.objective.parameters.named,
                .optimizer: trainer.optimizer.stateTensors,
                .average: trainer.average?.stateTensors ?? [],
            ])
        try checkpoint.write(to: file("state.safetensors"))
        try diary.checkpoint(record)
    }

    private func restore(_ checkpoint: TrainingCheckpoint, into trainer: StageTrainer) throws {
        let sections = checkpoint.sections
        try TrainingState.restore(
            sections[.losses] ?? [], into: trainer.setting.objective.parameters.named, of: "the losses")
        try trainer.optimizer.restore(sections[.optimizer] ?? [])
        try trainer.average?.restore(sections[.average] ?? [])
    }

    private func saveSamples(_ batch: TrainingBatch, _ trainer: StageTrainer) throws {
        guard setting.processes.isWriter, position.batch == 0 else { return }
        let sheet = try AugmentationSheet.image(of: batch, classNames: trainer.setting.photos.all.classNames)
        try setting.folder.write(sheet.encodeJPEG(), to: home.appendingPathComponent("samples.jpg"))
    }
}

// MARK: - Words
extension ModelTrainer {
    private func file(_ name: String) -> String { home.appendingPathComponent(name).path }

    private var photosDigest: String {
        RunDigest.text(photos: setting.labels.training, folder: setting.labels.data.standardizedFileURL.path)
    }

    private static func reason(of error: any Error) -> String {
        if error is CancellationError { return "interrupted" }
        return (error as? any CairnError)?.message ?? "\(error)"
    }

    private func runRecord() throws -> RunRecord {
        let settings = setting.recipe
        return RunRecord(
            recipe: settings.name, title: settings.title, model: setting.model.name, settingsDigest: settingsDigest,
            settings: try SettingsText.yaml(settings), machine: machine,
            versions: ["LibTorch": Torch.version], seed: UInt64(settings.training?.seed ?? 1), threads: Torch.threads,
            processes: setting.processes.count, date: Date.now.ISO8601Format(), figure: setting.validation?.figure,
            plan: TrainingPlan(stages: stages) { stage, size in
                let batches = max(1, self.estimatedPhotos(of: stage) / (size.batchSize ?? stage.batchSize))
                return GradientAccumulation(stage.accumulation, batches: batches).steps
            })
    }

    private var machine: String {
        setting.device == .cpu ? MachineDescription.text : "\(MachineDescription.text), \(setting.device)"
    }

    private func estimatedPhotos(of stage: TrainingStage) -> Int {
        if stage.sampler.kind == .tuples { return stage.sampler.epochSize ?? stage.mining?.queries ?? 0 }
        return stage.sampler.epochSize ?? setting.labels.training.count
    }

    private func stageRecord(_ trainer: StageTrainer) throws -> StageRecord {
        let stage = trainer.setting.stage
        let sizes = ProgressiveSizes(stage)
        var from = 1
        let changes = stage.sizes.map { size in
            defer { from += size.epochs }
            return StageRecord.Change(name: "\(size.size) px", fromEpoch: from)
        }
        return StageRecord(
            stage: position.stage, name: stage.name, globalStep: position.globalStep, epochs: sizes.epochs,
            data: stage.data, photos: trainer.setting.photos.all.count,
            classes: stage.losses.contains { $0.kind.classifies } ? trainer.setting.photos.all.classNames.count : nil,
            sizes: changes, phases: stage.augmentation.map { .init(name: $0.name, fromEpoch: $0.fromEpoch) })
    }
}
