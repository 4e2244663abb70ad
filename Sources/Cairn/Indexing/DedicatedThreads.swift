import Foundation

/// Threads that run the jobs of tasks or of an actor, first come, first served.
///
/// Decoding and extraction keep a thread busy for long and writing waits for the disk; on the shared pool, which has one
/// thread a core, they would hold up everything else in the process.
final class DedicatedThreads: Sendable {
    private let queue = JobQueue()

    /// Starts `count` threads. They end with this object.
    init(name: String, count: Int) {
        precondition(count >= 1, "\(count) threads")
        for number in 1...count {
            let thread = Thread { [queue] in while let job = queue.next() { job() } }
            thread.name = "\(name)-\(number)"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit { queue.close() }

    func run(_ job: @escaping @Sendable () -> Void) { queue.append(job) }
}

/// Runs child tasks on several dedicated threads.
final class ThreadPoolExecutor: TaskExecutor {
    private let threads: DedicatedThreads

    init(name: String, threadCount: Int) { threads = DedicatedThreads(name: name, count: threadCount) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.run { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Runs an actor on a dedicated thread of its own.
final class SingleThreadExecutor: SerialExecutor {
    private let threads: DedicatedThreads

    init(name: String) { threads = DedicatedThreads(name: name, count: 1) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.run { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// Jobs that wait for a thread.
private final class JobQueue: @unchecked Sendable {
    // Unchecked: `condition` guards everything below it.
    private let condition = NSCondition()
    private var jobs: [@Sendable () -> Void] = []
    private var first = 0
    private var isClosed = false

    func append(_ job: @escaping @Sendable () -> Void) {
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    /// Waits for a job; `nil` once the queue is closed and empty.
    func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while first == jobs.count {
                if isClosed { return nil }
                condition.wait()
            }
            let job = jobs[first]
            first += 1
            if first == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                first = 0
            }
            return job
        }
    }
}
