import CairnTerminal
import Synchronization

/// A progress bar for work in several steps, each under its own name.
final class StepProgress: Sendable {
    private let current = Mutex<(step: String, bar: ProgressBar)?>(nil)

    /// Shows how far a step is; a new step takes the line of the one before.
    func update(_ step: String, done: Int, total: Int) {
        current.withLock { current in
            if current?.step != step {
                current?.bar.finish()
                current = (step, ProgressBar(step, unit: "rows"))
            }
            current?.bar.update(done: done, total: total)
        }
    }

    /// Clears the line.
    func finish() {
        current.withLock { current in
            current?.bar.finish()
            current = nil
        }
    }
}
