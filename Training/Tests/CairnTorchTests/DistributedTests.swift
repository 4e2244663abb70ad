import CairnNN
import Foundation
import Synchronization
import Testing

@testable import CairnTorch

/// Groups whose processes are threads of this one: they meet and talk through sockets as processes do.
@Suite struct DistributedTests {
    @Test func `sums, copies and gathered bytes arrive in all processes`() throws {
        let seen = try together(3) { group in
            let rank = group.rank
            // Strided, of two types, and more than one tensor, so that they travel in buckets.
            let a = try TorchTensor([Float(rank), 1, 2, Float(rank * rank)], shape: [2, 2]).permuted([1, 0])
            let b = try TorchTensor([rank, 5])
            let c = try TorchTensor([Float(rank)], shape: [1])
            try group.sum([a, b, c], scale: 1)
            let d = try TorchTensor([Float(10 * rank)], shape: [])
            try group.broadcast([d], from: 2)
            try group.barrier()
            let bytes = try group.gather([UInt8](repeating: UInt8(200 + rank), count: rank))
            return (try a.floats(), try b.integers(), try c.item(), try d.item(), bytes)
        }
        for (a, b, c, d, bytes) in seen {
            #expect(a == [3, 6, 3, 5])
            #expect(b == [3, 15])
            #expect(c == 3)
            #expect(d == 20)
            #expect(bytes == [[], [201], [202, 202]])
        }
    }

    @Test func `gradients are averaged, and one that is missing in a process counts as zero`() throws {
        let seen = try together(2) { group in
            let parameters = try (0..<3).map { _ in try floats([1, 2]).requiringGradient() }
            try parameters[0].setGradient(floats([Float(group.rank), 4]))
            if group.rank == 1 { try parameters[1].setGradient(floats([6, 8])) }
            try group.averageGradients(of: parameters)
            return try parameters.map { try $0.gradient?.floats() }
        }
        for gradients in seen { #expect(gradients == [[0.5, 4], [3, 4], nil]) }
    }

    @Test func `rows of all processes have the gradients of all processes' losses`() throws {
        // Process r has r + 1 rows x and the loss (r + 1) Σ all². The derivative by x of both losses is 2x (1 + 2).
        let seen = try together(2) { group in
            let rows = try TorchTensor((0...group.rank).map { Float($0 + group.rank + 1) }, shape: [group.rank + 1, 1])
                .requiringGradient()
            let all = try group.gathered(rows)
            let loss = try all.mapped(.power(2)).sum([0, 1]) * Float(group.rank + 1)
            try loss.backward()
            return (try all.floats(), try rows.gradient?.floats())
        }
        #expect(seen.map(\.0) == [[1, 2, 3], [1, 2, 3]])
        #expect(seen.map(\.1) == [[6], [12, 18]])
    }

    @Test(arguments: [[4, 4], [1, 3, 2]])
    func `batches normalised together equal the whole batch normalised by one`(counts: [Int]) throws {
        let whole = try normalized(0..<counts.reduce(0, +), nil)
        let parts = try together(counts.count) { group in
            let start = counts[..<group.rank].reduce(0, +)
            return try normalized(start..<start + counts[group.rank], group)
        }
        #expect(distance(parts.flatMap(\.output), whole.output) < 2e-5)
        #expect(distance(parts.flatMap(\.gradient), whole.gradient) < 2e-5)
        for part in parts {
            #expect(distance(part.mean, whole.mean) < 1e-5)
            #expect(distance(part.variance, whole.variance) < 1e-4)
        }
        // Gradients of weight and bias are each process's own sums.
        let weight = (0..<3).map { channel in parts.map { $0.weight[channel] }.reduce(0, +) }
        let bias = (0..<3).map { channel in parts.map { $0.bias[channel] }.reduce(0, +) }
        #expect(distance(weight, whole.weight) < 1e-4)
        #expect(distance(bias, whole.bias) < 1e-4)
    }

    @Test func `bfloat16 maps are normalised together from sums of 32 bits`() throws {
        let whole = try normalized(0..<6, nil)
        let parts = try together(2) { group in
            try normalized(3 * group.rank..<3 * (group.rank + 1), group, .bfloat16)
        }
        // Pixels near 10 are rounded to sixteenths: statistics see as much.
        #expect(distance(parts[0].mean, whole.mean) < 0.01)
        #expect(parts.flatMap(\.gradient).allSatisfy { $0.isFinite })
    }

    @Test func `layers outside of synchronised normalisation keep to their own photos`() throws {
        let parts = try together(2) { group in
            let map = try TorchTensor([Float(group.rank), Float(group.rank + 2)], shape: [2, 1])
            let statistics = BatchStatistics(
                weight: nil, bias: nil, runningMean: try floats([0]), runningVariance: try floats([1]),
                epsilon: 0, momentum: 1, isTraining: true)
            let own = try map.batchNormalized(statistics).floats()
            let shared = try group.synchronizingNormalization { try map.batchNormalized(statistics).floats() }
            return (own, shared, try statistics.runningVariance.item())
        }
        // 0, 2 and 1, 3: the mean 1.5, the variance 5/4, unbiased 5/3.
        #expect(parts.allSatisfy { distance($0.0, [-1, 1]) < 1e-6 })
        #expect(distance(parts.flatMap(\.1), [-1.5, 0.5, -0.5, 1.5].map { $0 / Float(1.25).squareRoot() }) < 1e-6)
        #expect(parts.allSatisfy { abs($0.2 - 5 / 3) < 1e-6 })
    }

    @Test func `a process that leaves is an error in the others`() throws {
        let messages = try together(2, timeout: .seconds(20)) { group -> String in
            guard group.rank == 0 else { return "" }
            do {
                try group.barrier()
                try group.barrier()
                return "no error"
            } catch let error as TorchError {
                return error.message
            }
        }
        #expect(messages[0].hasPrefix("process 0 of 2 could not wait for the others"))
    }

    @Test func `processes that do not come are an error within the timeout`() throws {
        let meeting = ProcessGroup.Meeting(port: try freePort(), rank: 0, count: 2)
        let started = Date()
        let error = #expect(throws: TorchError.self) { _ = try ProcessGroup(meeting, timeout: .milliseconds(300)) }
        #expect(error?.message.hasPrefix("process 0 of 2 could not meet the others at 127.0.0.1") == true)
        #expect(-started.timeIntervalSinceNow < 20)
    }

    @Test func `without NCCL's library the error names it`() throws {
        let group = try ProcessGroup(ProcessGroup.Meeting(port: try freePort(), rank: 0, count: 1))
        #expect(throws: TorchError.self) { try group.openNCCL(on: .cpu) }
        do {
            try group.openNCCL(on: .cuda(0))
            Issue.record("this machine has NCCL and a CUDA device; run the suite's other tests on it")
        } catch {
            #expect(error.message.contains("libnccl.so.2") || error.message.contains("CUDA"))
        }
    }

    /// What one process has of the normalisation of photos by their numbers.
    private struct Normalized: Sendable {
        var output: [Float]
        var gradient: [Float]
        var weight: [Float]
        var bias: [Float]
        var mean: [Float]
        var variance: [Float]
    }

    /// Three channels of mean 10, where sums of squares would lose three digits.
    private func normalized(
        _ photos: Range<Int>, _ group: ProcessGroup?, _ type: TorchElementType = .float32
    ) throws -> Normalized {
        func pixels(_ offset: Float, _ seed: Double) throws -> TorchTensor {
            let values = photos.flatMap { photo in
                (0..<3 * 4 * 2).map { offset + Float(sin(seed + Double(photo) * 3.7 + Double($0) * 1.9)) }
            }
            return try TorchTensor(values, shape: [photos.count, 3, 4, 2])
        }
        let leaf = try pixels(10, 1).requiringGradient()
        let weight = try floats([0.5, 1, 2]).requiringGradient()
        let bias = try floats([0, 1, -1]).requiringGradient()
        let statistics = BatchStatistics(
            weight: weight, bias: bias, runningMean: try floats([1, 2, 3]),
            runningVariance: try floats([1, 2, 3]), epsilon: 1e-5, momentum: 0.25, isTraining: true)
        let map = try leaf.converted(to: type, channelsLast: photos.count > 2)
        let output =
            if let group {
                try group.synchronizingNormalization { try map.batchNormalized(statistics) }
            } else {
                try map.batchNormalized(statistics)
            }
        try output.backward(pixels(0.3, 2).converted(to: type))
        return Normalized(
            output: try output.floats(), gradient: try leaf.gradient?.floats() ?? [],
            weight: try weight.gradient?.floats() ?? [], bias: try bias.gradient?.floats() ?? [],
            mean: try statistics.runningMean.floats(), variance: try statistics.runningVariance.floats())
    }

    private func floats(_ values: [Float]) throws -> TorchTensor { try TorchTensor(values, shape: [values.count]) }

    private func distance(_ a: [Float], _ b: [Float]) -> Float {
        a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
    }
}

/// Runs a body in as many threads, each a process of one group, and gives what they gave by rank.
func together<R: Sendable>(
    _ count: Int, timeout: Duration = .seconds(60), _ body: @escaping @Sendable (ProcessGroup) throws -> R
) throws -> [R] {
    let port = try freePort()
    let results = Mutex([Int: Result<R, any Error>]())
    let ended = DispatchSemaphore(value: 0)
    for rank in 0..<count {
        Thread.detachNewThread {
            let result = Result {
                try body(try ProcessGroup(ProcessGroup.Meeting(port: port, rank: rank, count: count), timeout: timeout))
            }
            results.withLock { $0[rank] = result }
            ended.signal()
        }
    }
    for _ in 0..<count { ended.wait() }
    let all = results.withLock { $0 }
    return try (0..<count).map { rank in try #require(all[rank]).get() }
}

/// A port that nobody listened at a moment ago.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
        }
    }
    try #require(result == 0)
    return UInt16(bigEndian: address.sin_port)
}
