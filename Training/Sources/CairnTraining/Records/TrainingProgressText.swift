import CairnTerminal
import Foundation

/// The words of a run's progress.
public struct TrainingProgressText: Sendable {
    /// When it will end.
    public private(set) var estimate: TrainingEstimate

    private var last: StepRecord?
    private var images = RateMeter()

    /// Starts at the beginning of a plan.
    public init(plan: TrainingPlan) { estimate = TrainingEstimate(plan: plan) }

    /// Takes what happened next.
    public mutating func observe(_ event: TrainingEvent) {
        estimate.observe(event)
        guard case .step(let record) = event else { return }
        images.add(work: record.imagesPerSecond * record.seconds, seconds: record.seconds)
        last = record
    }

    /// "epoch 3/20 · step 120/500 · loss 4.321 · accuracy 31.2 % · lr 0.01 · 210 images/s · epoch 0:40 min, run 2:10 h left".
    public var stepLine: String {
        guard let last else { return "" }
        let plan = estimate.plan
        let steps = plan.place(stage: last.stage, epoch: last.epoch).map { plan.parts[$0.part].stepsPerEpoch }
        var words = [
            "epoch \(plan.epochs(beforeStage: last.stage) + last.epoch)/\(plan.epochs)",
            "step \(last.step)" + (steps.map { "/\(max($0, last.step))" } ?? ""),
            "loss \(TrainingText.figure(last.loss))",
        ]
        if let accuracy = last.accuracy { words.append("accuracy \(TrainingText.percent(accuracy))") }
        words.append("lr \(TrainingText.figure(last.learningRate))")
        if let rate = images.rate { words.append("\(TrainingText.figure(rate)) images/s") }
        if let epoch = estimate.secondsLeftOfEpoch, let run = estimate.secondsLeft {
            words.append("epoch \(ProgressBar.clock(epoch)), run \(ProgressBar.clock(run)) left")
        }
        return words.joined(separator: " · ")
    }

    /// What stays on the screen of an event; `nil` for steps and checkpoints.
    public func line(for event: TrainingEvent) -> String? {
        switch event {
        case .stageStarted(let record):
            let classes = record.classes.map { ", \($0) classes" } ?? ""
            return "stage “\(record.name)”: \(record.photos) photos\(classes), \(record.epochs) epochs"
        case .epoch(let record): return epochLine(record)
        case .note(let record): return record.message
        case .warning(let record): return "warning: \(record.message)"
        case .stopped(let record): return "stopped at step \(record.globalStep): \(record.reason)"
        case .finished(let record):
            return "done: \(record.globalStep) steps in \(ProgressBar.clock(record.seconds))"
        case .runStarted, .step, .checkpoint: return nil
        }
    }

    private func epochLine(_ record: EpochRecord) -> String {
        let plan = estimate.plan
        var words = [
            "epoch \(plan.epochs(beforeStage: record.stage) + record.epoch)/\(plan.epochs)",
            "loss \(TrainingText.figure(record.loss))",
        ]
        if let accuracy = record.accuracy { words.append("accuracy \(TrainingText.percent(accuracy))") }
        words += record.validation.sorted { $0.key < $1.key }.map { "\($0.key) \(TrainingText.figure($0.value))" }
        words.append("lr \(TrainingText.figure(record.learningRate))")
        words.append("\(TrainingText.figure(record.imagesPerSecond)) images/s")
        words.append(ProgressBar.clock(record.seconds))
        if let left = estimate.secondsLeft, left > 0 { words.append("\(ProgressBar.clock(left)) left") }
        return words.joined(separator: " · ")
    }
}
