import Foundation

/// Time since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now

    var milliseconds: Double { (ContinuousClock.now - start) / .milliseconds(1) }
}

/// The processor.
enum Machine {
    /// Cores that this process may use.
    static var coreCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
