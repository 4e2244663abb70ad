import Dispatch

/// Cuts `0 ..< count` into contiguous parts of nearly equal size, one a thread, and runs `body` on all of them at once.
///
/// `body` must write to places of its own part only; then the outcome does not depend on `threads`.
func forEachPart(of count: Int, threads: Int, _ body: (Range<Int>) -> Void) {
    let parts = max(1, min(threads, count))
    guard parts > 1 else {
        body(0..<count)
        return
    }
    withoutActuallyEscaping(body) { body in
        // The parts do not overlap, so the calls have nothing to race for.
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            body(count * part / parts..<count * (part + 1) / parts)
        }
    }
}
