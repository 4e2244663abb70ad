import Dispatch
import Synchronization

/// A fixed number of requests, lent to one caller each; who comes when none is left waits, first come, first served.
final class RequestPool: Sendable {
    /// A thread that sleeps until it is handed a request.
    private final class Sleeper: Sendable {
        let handed = Mutex<InferenceRequest?>(nil)
        let signal = DispatchSemaphore(value: 0)
    }

    private enum Waiter {
        case task(UInt64, CheckedContinuation<InferenceRequest, any Error>)
        case thread(Sleeper)
    }

    private struct State {
        var idle: [InferenceRequest]
        var waiters: [Waiter] = []
        var nextID: UInt64 = 0
    }

    private let state: Mutex<State>

    init(_ requests: [InferenceRequest]) {
        precondition(!requests.isEmpty, "a pool without requests")
        state = Mutex(State(idle: requests))
    }

    /// Callers that wait now.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// A request; the task is suspended until one is free. Throws `CancellationError` when cancelled meanwhile.
    func take() async throws -> InferenceRequest {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Whether the task is cancelled is asked under the lock: a cancellation after it finds the waiter.
                let answer: Result<InferenceRequest, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let request = state.idle.popLast() { return .success(request) }
                    state.waiters.append(.task(id, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let cancelled = state.withLock { state -> CheckedContinuation<InferenceRequest, any Error>? in
                for (index, waiter) in state.waiters.enumerated() {
                    if case .task(id, let continuation) = waiter {
                        state.waiters.remove(at: index)
                        return continuation
                    }
                }
                return nil
            }
            cancelled?.resume(throwing: CancellationError())
        }
    }

    /// A request; the thread sleeps until one is free.
    func takeBlocking() -> InferenceRequest {
        let sleeper = Sleeper()
        let request = state.withLock { state in
            let request = state.idle.popLast()
            if request == nil { state.waiters.append(.thread(sleeper)) }
            return request
        }
        if let request { return request }
        while true {
            sleeper.signal.wait()
            if let request = sleeper.handed.withLock({ $0.take() }) { return request }
        }
    }

    /// Ends a loan: the request goes to who has waited longest.
    func giveBack(_ request: InferenceRequest) {
        let waiter = state.withLock { state -> Waiter? in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
            state.idle.append(request)
            return nil
        }
        switch waiter {
        case .task(_, let continuation): continuation.resume(returning: request)
        case .thread(let sleeper):
            sleeper.handed.withLock { $0 = request }
            sleeper.signal.signal()
        case nil: break
        }
    }
}
