import ArgumentParser
import CairnTraining

extension TrainingOptions.Device: ExpressibleByArgument {}

/// Where and how a run computes, and what it writes down. The same recipe on other devices or threads gives the same numbers up to
/// rounding.
struct MachineOptions: ParsableArguments {
    @Option(help: ArgumentHelp("auto, cpu or cuda.", valueName: "name"))
    var device: TrainingOptions.Device?

    @Option(help: ArgumentHelp("Threads of an operator on the processor; all cores without.", valueName: "count"))
    var threads: Int?

    @Option(help: ArgumentHelp("Threads that load photos; 2 without.", valueName: "count"))
    var workers: Int?

    @Option(help: ArgumentHelp("Minutes between checkpoints within an epoch; 10 without.", valueName: "minutes"))
    var checkpointEvery: Double?

    @Option(help: ArgumentHelp("Steps between lines of the log; 10 without.", valueName: "steps"))
    var logEvery: Int?

    @Option(
        help: ArgumentHelp(
            "Stop after as many changes of the weights, to go on later with cairn-train resume.", valueName: "steps"))
    var stopAfter: Int?

    /// Throws `ValidationError` for values out of range.
    func check() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads); it must be from 1 to 1024.")
        }
        if let workers, !(1...256).contains(workers) {
            throw ValidationError("--workers is \(workers); it must be from 1 to 256.")
        }
        if let checkpointEvery, !(0.01...100_000).contains(checkpointEvery) {
            throw ValidationError("--checkpoint-every is \(checkpointEvery); it must be from 0.01 to 100000.")
        }
        if let stopAfter, stopAfter < 1 {
            throw ValidationError("--stop-after is \(stopAfter); it must be 1 or more.")
        }
        if let logEvery, logEvery < 1 { throw ValidationError("--log-every is \(logEvery); it must be 1 or more.") }
    }

    /// Puts what was said into a run's options.
    func apply(to options: inout TrainingOptions) { MachineChanges(self).apply(to: &options) }
}

/// The same as a value that tasks may share.
struct MachineChanges: Sendable {
    private let device: TrainingOptions.Device?
    private let threads: Int?
    private let workers: Int?
    private let checkpointEvery: Double?
    private let logEvery: Int?
    private let stopAfter: Int?

    init(_ options: MachineOptions) {
        device = options.device
        threads = options.threads
        workers = options.workers
        checkpointEvery = options.checkpointEvery
        logEvery = options.logEvery
        stopAfter = options.stopAfter
    }

    func apply(to options: inout TrainingOptions) {
        options.device = device ?? options.device
        options.threads = threads ?? options.threads
        options.workers = workers ?? options.workers
        options.checkpointMinutes = checkpointEvery ?? options.checkpointMinutes
        options.logEvery = logEvery ?? options.logEvery
        // A budget is this process' own.
        options.stopAfter = stopAfter
    }
}
