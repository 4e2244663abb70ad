/// How far a run has come and when it will end, from its events alone.
///
/// A step's cost is counted in pixels, so that epochs of larger photos are expected to take longer than those before them. What
/// an epoch takes beside its steps (mining, validation) is taken from the last one that is known.
public struct TrainingEstimate: Sendable {
    /// What is to be done.
    public let plan: TrainingPlan

    private var meter = RateMeter()
    private var stepSeconds = 0.0
    private var overhead: Double?
    private var place: (part: Int, epoch: Int)?
    private var step = 0
    private var isEpochDone = false
    private var spent = 0.0

    /// Starts at the beginning of a plan.
    public init(plan: TrainingPlan) { self.plan = plan }

    /// Takes what happened next.
    public mutating func observe(_ event: TrainingEvent) {
        switch event {
        case .step(let record):
            place = plan.place(stage: record.stage, epoch: record.epoch) ?? place
            if isEpochDone || record.step == 1 { stepSeconds = 0 }
            (step, isEpochDone) = (record.step, false)
            guard record.seconds.isFinite, record.seconds >= 0 else { return }
            stepSeconds += record.seconds
            spent += record.seconds
            if let place { meter.add(work: plan.parts[place.part].workPerStep, seconds: record.seconds) }
        case .epoch(let record):
            place = plan.place(stage: record.stage, epoch: record.epoch) ?? place
            isEpochDone = true
            // A log does not have every step, so what steps took is taken from the epoch itself.
            let beside = record.miningSeconds + record.validationSeconds
            guard record.seconds.isFinite, beside.isFinite else { return }
            overhead = beside
            spent += record.seconds - stepSeconds
        case .runStarted, .stageStarted, .note, .warning, .checkpoint, .finished, .stopped: break
        }
    }

    /// Seconds of the steps and epochs so far.
    public var secondsSpent: Double { spent }

    /// Seconds until the present epoch ends, validation included; `nil` before the first step.
    public var secondsLeftOfEpoch: Double? {
        guard let place, let rate = meter.rate, rate > 0 else { return nil }
        if isEpochDone { return 0 }
        let part = plan.parts[place.part]
        return Double(max(0, part.stepsPerEpoch - step)) * part.workPerStep / rate + (overhead ?? 0)
    }

    /// Seconds until the run ends; `nil` before the first step.
    public var secondsLeft: Double? {
        guard let place, let rate = meter.rate, rate > 0, let now = secondsLeftOfEpoch else { return nil }
        var (work, epochs) = (0.0, 0)
        for (index, part) in plan.parts.enumerated().dropFirst(place.part) {
            let left = index == place.part ? max(0, part.epochs - place.epoch - 1) : part.epochs
            work += Double(left * part.stepsPerEpoch) * part.workPerStep
            epochs += left
        }
        return now + work / rate + Double(epochs) * (overhead ?? 0)
    }

    /// The share of the plan's work that is done, 0...1.
    public var share: Double {
        guard let place else { return 0 }
        var (done, all) = (0.0, 0.0)
        for (index, part) in plan.parts.enumerated() {
            let epoch = Double(part.stepsPerEpoch) * part.workPerStep
            all += Double(part.epochs) * epoch
            if index < place.part { done += Double(part.epochs) * epoch }
            if index == place.part {
                done += Double(place.epoch) * epoch
                done += isEpochDone ? epoch : Double(min(step, part.stepsPerEpoch)) * part.workPerStep
            }
        }
        return all > 0 ? min(1, done / all) : 0
    }
}
