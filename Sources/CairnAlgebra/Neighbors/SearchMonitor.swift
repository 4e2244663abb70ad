import Synchronization

/// How a long search tells how far it is, and how it is told to stop.
public struct SearchMonitor: Sendable {
    /// Neither.
    public static let none = SearchMonitor()

    /// Called with the rows done and the rows there are, ascending, from the threads that search, one at a time.
    public var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

    /// Asked before each block of at most a thousand rows; true ends the search with an error. It is asked from other threads
    /// than the caller's, so `Task.isCancelled` does not do: set a flag in `withTaskCancellationHandler`.
    public var isCancelled: (@Sendable () -> Bool)?

    /// Takes either, both or none.
    public init(
        progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil, isCancelled: (@Sendable () -> Bool)? = nil
    ) {
        self.progress = progress
        self.isCancelled = isCancelled
    }
}

/// What the threads of one search share: what is done, and whether to go on.
final class SearchProgress: Sendable {
    private let monitor: SearchMonitor
    private let total: Int
    private let stopped = Atomic(false)
    private let done = Mutex(0)

    init(_ monitor: SearchMonitor, total: Int) {
        self.monitor = monitor
        self.total = total
    }

    /// Whether the search is to end.
    func checkCancellation() -> Bool {
        if stopped.load(ordering: .relaxed) { return true }
        guard monitor.isCancelled?() == true else { return false }
        stopped.store(true, ordering: .relaxed)
        return true
    }

    /// Some more rows are done.
    func add(_ rows: Int) {
        guard rows > 0, let progress = monitor.progress else { return }
        done.withLock {
            $0 += rows
            progress($0, total)
        }
    }

    /// Ends a search that was told to.
    func throwIfCancelled() throws(AlgebraError) {
        guard stopped.load(ordering: .relaxed) else { return }
        throw AlgebraError(.failure, "the search for neighbours was cancelled", cause: CancellationError())
    }
}
