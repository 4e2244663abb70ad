import Synchronization

/// Counts what threads have done, and tells of it.
final class WorkProgress: Sendable {
    private let step: String
    private let total: Int
    private let report: (@Sendable (_ step: String, _ done: Int, _ total: Int) -> Void)?
    private let done = Atomic<Int>(0)

    init(_ step: String, total: Int, environment: RerankingEnvironment) {
        self.step = step
        self.total = total
        report = environment.progress
    }

    /// So much more is done.
    func add(_ count: Int) {
        guard let report else { return }
        report(step, done.wrappingAdd(count, ordering: .relaxed).newValue, total)
    }
}
