import CairnEvaluation
import CairnMetrics
import CairnTrainingData
import Foundation

/// What is written and shown of a model's training: the log, the report, the line on the terminal. Processes that are not the writer
/// keep none.
final class TrainingDiary {
    private let home: URL
    private let log: TrainingLog?
    private let progress: TrainingProgress
    private var lastCheckpoint = ContinuousClock.now

    /// Begins a log, or goes on with it from a checkpoint's line.
    init(home: URL, resuming record: CheckpointRecord?, isWriter: Bool, start: RunRecord) throws {
        self.home = home
        let path = home.appendingPathComponent("log.jsonl").path
        if !isWriter {
            log = nil
        } else if let record {
            log = try TrainingLog(resuming: path, from: record)
        } else {
            // A run that was killed before its first checkpoint leaves a log of nothing.
            try? FileManager.default.removeItem(atPath: path)
            log = try TrainingLog(creating: path)
            try log?.append(.runStarted(start))
        }
        progress = TrainingProgress(plan: start.plan, earlier: log?.events ?? [], isEnabled: isWriter)
    }

    /// A stage begins.
    func begin(_ record: StageRecord) throws { try write(.stageStarted(record)) }

    /// The weights have changed. Tells whether a checkpoint is due.
    func step(_ record: StepRecord, _ options: TrainingOptions) throws -> Bool {
        guard let log else { return false }
        let event = TrainingEvent.step(record)
        if record.globalStep % max(options.logEvery, 1) == 0 || record.step == 1 { try log.append(event) }
        progress.show(event)
        return ContinuousClock.now - lastCheckpoint > .seconds(options.checkpointMinutes * 60)
    }

    /// An epoch is over.
    func epoch(_ position: TrainingPosition, figures: [MetricFigure], validationSeconds: Double) throws {
        let sums = position.sums
        try write(
            .epoch(
                EpochRecord(
                    stage: position.stage, epoch: position.epoch + 1, globalStep: position.globalStep,
                    photos: position.photos, loss: sums.meanLoss, losses: sums.meanLosses, accuracy: sums.accuracy,
                    learningRate: sums.learningRate,
                    validation: Dictionary(figures.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
                    imagesPerSecond: Double(sums.photos) / max(sums.seconds, 1e-9),
                    seconds: sums.miningSeconds + sums.seconds + validationSeconds,
                    miningSeconds: sums.miningSeconds, validationSeconds: validationSeconds,
                    peakResidentBytes: ResidentMemory.peak)))
    }

    /// What is worth knowing.
    func note(_ text: String, at position: TrainingPosition, isWarning: Bool = false) throws {
        let record = NoteRecord(stage: position.stage, globalStep: position.globalStep, message: text)
        try write(isWarning ? .warning(record) : .note(record))
    }

    /// The run can go on from here.
    func checkpoint(_ record: CheckpointRecord) throws {
        lastCheckpoint = .now
        try write(.checkpoint(record))
    }

    /// The run ended before its time.
    func stop(reason: String, at position: TrainingPosition) throws {
        try write(.stopped(StopRecord(globalStep: position.globalStep, reason: reason, seconds: position.seconds)))
        progress.finish()
        report()
    }

    /// The run is complete.
    func finish(at position: TrainingPosition) throws {
        try write(.finished(FinishRecord(globalStep: position.globalStep, seconds: position.seconds)))
        progress.finish()
        report()
    }

    /// Writes the report anew. A report that cannot be written ends no training.
    func report() {
        guard let log else { return }
        let jpeg = try? Data(contentsOf: home.appendingPathComponent("samples.jpg"))
        let samples = jpeg.flatMap { try? SheetImage(jpeg: $0, limit: 4_096) }
        let report = TrainingReport(events: log.events, samples: samples)
        try? report.write(to: home.appendingPathComponent("report.html").path)
    }

    private func write(_ event: TrainingEvent) throws {
        guard let log else { return }
        try log.append(event)
        progress.show(event)
    }
}
