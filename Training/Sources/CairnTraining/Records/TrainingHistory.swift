import CairnEvaluation

/// A run's events sorted by what they are, for those who show them.
struct TrainingHistory {
    /// How a run stands.
    enum State: Hashable {
        case running
        case done
        case stopped(String)
    }

    let run: RunRecord?
    let stages: [StageRecord]
    let steps: [StepRecord]
    let epochs: [EpochRecord]
    let warnings: [NoteRecord]
    let notes: [NoteRecord]
    let state: State
    let estimate: TrainingEstimate

    init(_ events: [TrainingEvent]) {
        var run: RunRecord?
        var (stages, steps, epochs) = ([StageRecord](), [StepRecord](), [EpochRecord]())
        var (warnings, notes) = ([NoteRecord](), [NoteRecord]())
        var state = State.running
        for event in events {
            switch event {
            case .runStarted(let record): run = record
            case .stageStarted(let record): stages.append(record)
            case .step(let record): steps.append(record)
            case .epoch(let record): epochs.append(record)
            case .warning(let record): warnings.append(record)
            case .note(let record): notes.append(record)
            case .checkpoint: break
            case .stopped(let record): state = .stopped(record.reason)
            case .finished: state = .done
            }
        }
        var estimate = TrainingEstimate(plan: run?.plan ?? TrainingPlan(parts: []))
        for event in events { estimate.observe(event) }
        (self.run, self.stages, self.steps, self.epochs) = (run, stages, steps, epochs)
        (self.warnings, self.notes, self.state, self.estimate) = (warnings, notes, state, estimate)
    }

    /// The names of validation figures: the run's own first, then by name.
    var figures: [String] {
        let names = Set(epochs.flatMap(\.validation.keys)).sorted()
        guard let own = run?.figure, names.contains(own) else { return names }
        return [own] + names.filter { $0 != own }
    }

    /// The epoch, by its place in `epochs`, with the highest value of a figure; the first of equal ones.
    func best(_ figure: String) -> Int? {
        epochs.indices.filter { epochs[$0].validation[figure]?.isFinite == true }
            .max {
                let (first, second) = (epochs[$0].validation[figure] ?? 0, epochs[$1].validation[figure] ?? 0)
                return (first, -$0) < (second, -$1)
            }
    }

    /// The parts of the loss, by name.
    var lossNames: [String] { Set(steps.flatMap(\.losses.keys)).sorted() }

    /// Where stages, sizes and phases begin, over steps: after how many of them.
    var stepMarks: [CurveChart.Mark] {
        changes { stage, epoch in
            if epoch == 1 { return Double(stage.globalStep) }
            let first = epochs.last { $0.stage == stage.stage && $0.epoch == epoch - 1 }
            return first.map { Double($0.globalStep) }
        }
    }

    /// Where stages, sizes and phases begin, over epochs of the run: between the last before and the first of them.
    var epochMarks: [CurveChart.Mark] {
        changes { stage, epoch in
            let before = stages.filter { $0.stage < stage.stage }.reduce(0) { $0 + $1.epochs }
            return Double(before + epoch) - 0.5
        }
    }

    /// The number of an epoch within the run, from 1.
    func number(of record: EpochRecord) -> Int {
        stages.filter { $0.stage < record.stage }.reduce(0) { $0 + $1.epochs } + record.epoch
    }

    private func changes(_ place: (StageRecord, Int) -> Double?) -> [CurveChart.Mark] {
        stages.flatMap { stage -> [CurveChart.Mark] in
            var marks: [CurveChart.Mark] = []
            if stages.count > 1, let x = place(stage, 1) {
                marks.append(.init(x: x, name: stage.name, isStrong: true))
            }
            // What begins together has one name.
            let isTold = stage.sizes.count > 1 || stages.count > 1
            let inside =
                (isTold ? stage.sizes : []) + (stage.phases.count > 1 ? stage.phases : [])
            for epoch in Set(inside.map(\.fromEpoch)).sorted() {
                let names = inside.filter { $0.fromEpoch == epoch }.map(\.name).joined(separator: ", ")
                if let x = place(stage, epoch) { marks.append(.init(x: x, name: names)) }
            }
            return marks
        }
    }
}
