import Dispatch
import Synchronization

/// Runs `body` once for each number below `count`, on at most `threads` threads; a free thread takes the next number.
///
/// `worker`, below `threads`, is that thread's own for the length of the call: it names scratch memory. Which worker gets which
/// block varies from run to run, so what is computed must not depend on it.
func concurrentBlocks(_ count: Int, threads: Int, _ body: @Sendable (_ worker: Int, _ block: Int) -> Void) {
    precondition(threads >= 1, "\(threads) threads")
    let workers = min(threads, count)
    guard workers > 1 else {
        for block in 0..<count { body(0, block) }
        return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while true {
            let block = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard block < count else { return }
            body(worker, block)
        }
    }
}
