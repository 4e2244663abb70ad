import CairnTerminal
import Synchronization

/// What is seen of a run while it goes on: on a terminal a line that is drawn over, and on any standard error a line an epoch.
public final class TrainingProgress: Sendable {
    private let bar: ProgressBar
    private let isEnabled: Bool
    private let text: Mutex<TrainingProgressText>

    /// Makes the progress of a plan; pass the events of before to one that goes on.
    ///
    /// - Parameter isEnabled: `false` writes nothing: on all processes but the first.
    public init(plan: TrainingPlan, earlier: [TrainingEvent] = [], isEnabled: Bool = true) {
        var text = TrainingProgressText(plan: plan)
        for event in earlier { text.observe(event) }
        self.text = Mutex(text)
        self.isEnabled = isEnabled
        bar = ProgressBar("Training", unit: "steps", isEnabled: isEnabled)
    }

    /// Takes an event and shows it: a step in the line, an epoch, a warning or an end below one another.
    public func show(_ event: TrainingEvent) {
        text.withLock { text in
            text.observe(event)
            guard isEnabled else { return }
            if case .step = event {
                bar.update(share: text.estimate.share, text: text.stepLine)
            } else if let line = text.line(for: event) {
                bar.finish()
                Console.note(line.printable)
            }
        }
    }

    /// Clears the line.
    public func finish() { bar.finish() }
}
