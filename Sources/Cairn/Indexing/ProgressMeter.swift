import Synchronization

/// Passes progress on, at most ten times a second.
final class ProgressMeter: Sendable {
    private struct State {
        var total: Int?
        var last: ContinuousClock.Instant?
    }

    private let handler: (@Sendable (IndexingProgress) -> Void)?
    private let state = Mutex(State())

    init(handler: (@Sendable (IndexingProgress) -> Void)?) { self.handler = handler }

    /// Whether anyone listens.
    var isUsed: Bool { handler != nil }

    func setTotal(_ total: Int) { state.withLock { $0.total = total } }

    func update(_ report: IndexingReport, isFinal: Bool = false) {
        guard let handler else { return }
        let progress: IndexingProgress? = state.withLock { state in
            let now = ContinuousClock.now
            if !isFinal, let last = state.last, now - last < .milliseconds(100) { return nil }
            state.last = now
            let total = isFinal && !report.isCancelled ? report.fileCount : state.total
            return IndexingProgress(
                done: report.fileCount, total: total.map { max($0, report.fileCount) }, read: report.readCount,
                failed: report.failures.count)
        }
        if let progress { handler(progress) }
    }
}
