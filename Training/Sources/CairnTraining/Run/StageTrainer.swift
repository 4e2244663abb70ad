import CairnNN
import CairnRecipes
import CairnTorch
import CairnTrainingData
import Foundation

/// Trains one stage: epoch by epoch, batch by batch, from wherever a run stands in it.
///
/// Every number is a function of the seed and the position: photos and their changes by epoch and place, what layers drop by the
/// step, so that a run that went on from a checkpoint has the losses of one that never stopped.
final class StageTrainer {
    /// What a stage works with.
    struct Setting {
        /// The stage's number, from 0.
        let index: Int
        let stage: TrainingStage
        let photos: StagePhotos
        let network: TrainableNetwork
        let objective: StageObjective
        let seeds: Seeds
        let device: TorchDevice
        let processes: TrainingProcesses
        let options: TrainingOptions
        /// Changes of the weights in this process before the stage.
        let stepsBefore: Int
    }

    /// What hears of a stage's course.
    struct Listener {
        /// After each change of the weights, with the mean of its batches. Returning true asks for a checkpoint.
        var step: (StepRecord, TrainingPosition) throws -> Bool
        /// When a checkpoint is due within an epoch.
        var checkpoint: (TrainingPosition) throws -> Void
        /// At the end of an epoch, before the position moves on to the next.
        var epoch: (inout TrainingPosition) throws -> Void
        /// What is worth knowing.
        var note: (String, Bool) throws -> Void
        /// The first batch of an epoch at a new size or phase.
        var batch: (TrainingBatch) throws -> Void
        /// A batch whose loss or gradient is no number.
        var failure: (TrainingBatch, String) throws -> Void
    }

    let setting: Setting
    let groups: ParameterGroups
    let optimizer: any Optimizer
    let average: WeightsMovingAverage?
    private let sampler: (ImageSizeStep) throws -> EpochSampler
    private let clipper: GradientClipper
    private let curve: LearningRateCurve
    private let sizes: ProgressiveSizes
    private var reported: Set<String> = []
    private var stepsDone = 0

    /// Prepares a stage. Throws what parts of it throw where they do not go together.
    init(_ setting: Setting) throws {
        self.setting = setting
        let stage = setting.stage
        groups = ParameterGroups(
            setting.network.parameters.entries + setting.objective.parameters.entries, optimizer: stage.optimizer,
            classifier: stage.classifier, frozen: stage.frozen)
        try groups.apply(to: setting.network.parameters.phase)
        optimizer = try makeOptimizer(stage.optimizer, for: groups)
        let learned = groups.parameters
        average = try stage.movingAverage.map { try WeightsMovingAverage(learned, decay: $0) }
        clipper = GradientClipper(stage.clipping)
        curve = LearningRateCurve(stage.schedule, epochs: stage.epochs)
        sizes = ProgressiveSizes(stage)
        let photos = stage.sampler.groupsByAspect ? setting.photos.all.readingSizes() : setting.photos.all
        let seed = setting.seeds.photos(of: setting.network.model.name, stage: setting.index)
        sampler = { size in
            try EpochSampler(
                photos: photos, sampler: stage.sampler, batchSize: size.batchSize ?? stage.batchSize, seed: seed)
        }
    }

    /// Trains from the position to the stage's end.
    ///
    /// - Throws: `CancellationError` after a checkpoint where the task is cancelled; `TrainingError` where a loss is no number.
    func run(
        from position: inout TrainingPosition, listener: Listener,
        mine: (_ epoch: Int) throws -> [TrainingTuple]
    ) throws {
        while position.epoch < sizes.epochs {
            try runEpoch(&position, listener, mine)
            try listener.epoch(&position)
            position.beginEpoch()
        }
    }

    private func runEpoch(
        _ position: inout TrainingPosition, _ listener: Listener, _ mine: (_ epoch: Int) throws -> [TrainingTuple]
    ) throws {
        let stage = setting.stage
        let size = sizes.size(inEpoch: position.epoch + 1)
        if stage.sampler.kind == .tuples, position.batch == 0 {
            let began = ContinuousClock.now
            position.tuples = try mine(position.epoch)
            position.sums.miningSeconds = (ContinuousClock.now - began) / .seconds(1)
            position.seconds += position.sums.miningSeconds
        }
        let plan = try sampler(size).plan(epoch: position.epoch + 1, tuples: position.tuples)
        let own = try plan.shard(rank: setting.processes.rank, of: setting.processes.count)
        let seed = setting.seeds.photos(of: setting.network.model.name, stage: setting.index)
        let loader = try BatchLoader(
            photos: setting.photos.all, plan: own,
            settings: BatchSettings(stage: stage, epoch: position.epoch + 1, seed: seed),
            configuration: LoaderConfiguration(workers: setting.options.workers), firstBatch: position.batch)
        defer { loader.cancel() }
        let accumulation = GradientAccumulation(stage.accumulation, batches: plan.batches.count)
        setting.objective.setTraining(true)
        defer { setting.objective.setTraining(false) }
        var step = StepSums()
        var started = ContinuousClock.now
        try optimizer.clearGradients()
        while let batch = try loader.next() {
            if position.batch == 0 { try listener.batch(batch) }
            Torch.seed(
                setting.seeds.dropout(
                    of: setting.network.model.name, stage: setting.index, epoch: position.epoch, batch: position.batch,
                    rank: setting.processes.rank))
            let photos = plan.batches[position.batch].photos.count
            try accumulate(batch, factor: accumulation.lossFactor(of: position.batch), into: &step, listener)
            step.photos += photos
            position.batch += 1
            guard accumulation.isLastOfStep(position.batch - 1) else { continue }
            let factor = curve.factor(
                step: accumulation.step(of: position.batch - 1), epoch: position.epoch, stepsInEpoch: accumulation.steps
            )
            let norm = try changeWeights(rateFactor: factor, batch, listener)
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            started = .now
            position.globalStep += 1
            stepsDone += 1
            position.photos += step.photos
            position.seconds += seconds
            let (total, isCancelled) = try step.total(of: setting.processes, isCancelled: Task.isCancelled || isSpent)
            let record = total.record(
                at: position, stage: setting.index, step: accumulation.step(of: position.batch - 1) + 1,
                rate: stage.optimizer.learningRate * factor, norm: norm, seconds: seconds)
            position.sums.add(record, total)
            step = StepSums()
            let isCheckpointDue = try listener.step(record, position)
            let isOver = position.batch == plan.batches.count
            // Between processes words travel at an epoch's end alone.
            if isOver || setting.processes.count == 1 { try report(loader.unreadable, listener) }
            guard isCancelled || (isCheckpointDue && !isOver) else { continue }
            try listener.checkpoint(position)
            if isCancelled { throw CancellationError() }
            started = .now
        }
    }

    /// Says once of each photo that it could not be read.
    private func report(_ photos: [UnreadablePhoto], _ listener: Listener) throws {
        for photo in try setting.processes.gathered(photos) where reported.insert(photo.path).inserted {
            try listener.note("\(photo.path) cannot be read: \(photo.reason)", true)
        }
    }

    /// The process has done all the steps that it was given.
    private var isSpent: Bool { setting.options.stopAfter.map { setting.stepsBefore + stepsDone >= $0 } ?? false }

    /// Adds a batch's gradients. Streams go backward one after the other, so that memory holds the activations of one alone.
    private func accumulate(
        _ batch: TrainingBatch, factor: Double, into sums: inout StepSums, _ listener: Listener
    ) throws {
        var loss = 0.0
        for stream in batch.streams {
            let value = try setting.objective(stream, of: batch)
            let number = try value.total.item()
            // All processes stop together, or those without the fault would wait for the others' gradients.
            let failures = try setting.processes.sum([number.isFinite ? 0 : 1])[0]
            guard failures == 0 else {
                let reason = number.isFinite ? "the loss of another process is no number" : "the loss is \(number)"
                throw failure(batch, reason, listener)
            }
            try (value.total * Float(factor)).backward()
            loss += number
            try sums.add(value, of: stream, streams: batch.streams.count)
        }
        sums.loss += loss * factor
        sums.batches += 1
    }

    /// Averages gradients over processes, cuts them and changes the weights. Gives the gradient's norm.
    private func changeWeights(rateFactor: Double, _ batch: TrainingBatch, _ listener: Listener) throws -> Double {
        try setting.processes.group?.averageGradients(of: groups.parameters.map(\.tensor))
        let norm = try clipper.clip(groups.parameters)
        guard norm.isFinite else { throw failure(batch, "the gradient's norm is \(norm)", listener) }
        try optimizer.step(rateFactor: rateFactor)
        try optimizer.clearGradients()
        try average?.update()
        return norm
    }

    private func failure(_ batch: TrainingBatch, _ reason: String, _ listener: Listener) -> TrainingError {
        var (kept, cause) = ("the batch is saved beside the log", nil as (any Error)?)
        do {
            try listener.failure(batch, reason)
        } catch {
            (kept, cause) = ("the batch could not be saved", error)
        }
        return TrainingError(
            .failure,
            "\(reason) in epoch \(batch.epoch) of “\(setting.stage.name)”, batch \(batch.index + 1); \(kept). Lower the learning rate, clip gradients, or look at its photos",
            cause: cause)
    }
}
