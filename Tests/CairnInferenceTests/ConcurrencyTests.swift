import Dispatch
import Synchronization
import Testing

@testable import CairnInference

@Suite("Concurrent inference", .timeLimit(.minutes(1)))
struct ConcurrencyTests {
    /// Wrong answers, counted by everyone.
    private final class Tally: Sendable {
        let wrong = Mutex(0)
    }

    @Test("tasks and threads at once all get the answer that one alone gets", arguments: [1, 2, 3])
    func equal(streams: Int) async throws {
        let model = try Fixtures.model("conv_pool.onnx", InferenceConfiguration(threads: 2, streams: streams))
        let shapes = [[1, 3, 24, 32], [1, 3, 17, 9], [2, 3, 8, 8]]
        let alone = try shapes.map { try model.inferBlocking(Fixtures.ramp($0))[0] }
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for i in 0..<50 {
                group.addTask {
                    let output = try? await model.infer(Fixtures.ramp(shapes[i % 3]))
                    if output?[0] != alone[i % 3] { tally.wrong.withLock { $0 += 1 } }
                }
            }
            group.addTask {
                await withCheckedContinuation { continuation in
                    DispatchQueue.global().async {
                        DispatchQueue.concurrentPerform(iterations: 50) { i in
                            let output = try? model.inferBlocking(Fixtures.ramp(shapes[i % 3]))
                            if output?[0] != alone[i % 3] { tally.wrong.withLock { $0 += 1 } }
                        }
                        continuation.resume()
                    }
                }
            }
        }
        #expect(tally.wrong.withLock { $0 } == 0)
    }

    @Test("fixed shapes, more than are kept, compile and run from many tasks at once")
    func eviction() async throws {
        let configuration = InferenceConfiguration(threads: 2, shapes: .fixed, maximumCompiledShapes: 2)
        let model = try Fixtures.model("conv_pool.onnx", configuration)
        let reference = try Fixtures.model("conv_pool.onnx")
        let alone = try (8..<12).map { try reference.inferBlocking(Fixtures.ramp([1, 3, $0, 8]))[0] }
        try await withThrowingTaskGroup(of: (Int, FloatOutput).self) { group in
            for i in 0..<24 {
                group.addTask { (i % 4, try await model.infer(Fixtures.ramp([1, 3, 8 + i % 4, 8]))[0]) }
            }
            for try await (place, output) in group {
                try expect(output, near: Fixtures.Answer(shape: alone[place].shape, values: alone[place].values))
            }
        }
        #expect(model.compiledCount <= 2)
    }

    @Test("as many requests are in flight as there are streams, and a pool without a free one makes callers wait")
    func pool() async throws {
        let model = try Fixtures.model("conv_pool.onnx", InferenceConfiguration(threads: 2, streams: 2))
        let compiled = try model.compiledModel(forShapes: [[1, 3, 8, 8]])
        #expect(compiled.maximumRequests == 2)
        let pool = compiled.requests
        let first = try await pool.take()
        let second = pool.takeBlocking()
        #expect(first !== second)
        let waiting = Task { try await pool.take() }
        let cancelled = Task { try await pool.take() }
        while pool.waiterCount < 2 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        #expect(pool.waiterCount == 1)
        pool.giveBack(first)
        #expect(try await waiting.value === first)
        pool.giveBack(first)
        pool.giveBack(second)
    }

    @Test("a task that was cancelled before it asks gets no request")
    func cancelledEarly() async throws {
        let model = try Fixtures.model("conv_pool.onnx")
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await model.infer(Fixtures.ramp([1, 3, 8, 8]))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await model.infer(Fixtures.ramp([1, 3, 8, 8]))[0].shape == [1, 8])
    }
}
