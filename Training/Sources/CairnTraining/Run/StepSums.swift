import CairnTorch
import CairnTrainingData

/// What the batches of one change of the weights add up to.
struct StepSums {
    /// Batches added.
    var batches = 0
    /// Photos of all processes.
    var photos = 0
    /// The mean of the batches' losses.
    var loss = 0.0
    /// Sums of the parts, by name.
    var losses: [String: Double] = [:]
    /// Photos whose class was right.
    var right = 0
    /// Photos that were classified.
    var classified = 0

    private static let argmax = ATen("aten::argmax")

    /// Adds the parts of a batch's loss, and which of its plain photos were told right.
    ///
    /// Losses of streams are added up; what is no loss, such as a moving mean with its dotted name, is their mean.
    mutating func add(_ value: LossValue, of stream: BatchStream, streams: Int) throws {
        for part in value.parts {
            let share = part.name.contains(".") ? 1 / Double(streams) : 1
            losses[part.name, default: 0] += try part.value.item() * share
        }
        guard let logits = value.logits, !stream.isMixed else { return }
        let classes = try Self.argmax(logits, 1).integers()
        right += zip(classes, stream.first).count { $0 == $1 }
        classified += classes.count
    }

    /// The same over all processes, each of which has an equal share of the photos. `isCancelled` tells whether any is to stop.
    func total(of processes: TrainingProcesses, isCancelled: Bool) throws -> (sums: StepSums, isCancelled: Bool) {
        guard processes.count > 1 else { return (self, isCancelled) }
        let names = losses.keys.sorted()
        let numbers = try processes.sum(
            [loss, Double(right), Double(classified), isCancelled ? 1 : 0] + names.map { losses[$0] ?? 0 })
        var total = self
        total.loss = numbers[0] / Double(processes.count)
        total.right = Int(numbers[1])
        total.classified = Int(numbers[2])
        for (name, sum) in zip(names, numbers.dropFirst(4)) { total.losses[name] = sum / Double(processes.count) }
        return (total, numbers[3] > 0)
    }

    /// The step's line of the log.
    func record(
        at position: TrainingPosition, stage: Int, step: Int, rate: Double, norm: Double, seconds: Double
    ) -> StepRecord {
        StepRecord(
            stage: stage, epoch: position.epoch + 1, step: step, globalStep: position.globalStep,
            photos: position.photos, loss: loss, losses: losses.count > 1 ? meanLosses : [:],
            accuracy: classified > 0 ? Double(right) / Double(classified) : nil, learningRate: rate, gradientNorm: norm,
            imagesPerSecond: Double(photos) / max(seconds, 1e-9), seconds: seconds)
    }

    private var meanLosses: [String: Double] { losses.mapValues { $0 / Double(max(batches, 1)) } }
}

extension EpochSums {
    /// Adds a step over all processes.
    mutating func add(_ record: StepRecord, _ step: StepSums) {
        steps += 1
        photos += step.photos
        loss += record.loss
        for (name, value) in record.losses { losses[name, default: 0] += value }
        right += step.right
        classified += step.classified
        seconds += record.seconds
        learningRate = record.learningRate
    }
}
