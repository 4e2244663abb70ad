import ArgumentParser
import CairnNN
import CairnTorch
import Foundation

/// What each of several processes runs to see that they train as one: launched by torchrun, or with its environment set by hand.
///
/// Process 0 prints one line of JSON.
struct CollectiveCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collectives",
        abstract: "Compares several processes with one that has the whole batch. Launch it with torchrun --no-python.")

    /// What process 1 does halfway.
    enum Fate: String, ExpressibleByArgument {
        case works, dies, sleeps
    }

    @Option(help: "What process 1 does halfway: works, dies or sleeps.") var fate = Fate.works
    @Option(help: "Seconds until a silent process is given up.") var timeout = 60.0
    @Option(help: "Steps of stochastic gradient descent.") var steps = 10

    func run() throws {
        Torch.threads = 1
        guard let group = try ProcessGroup.fromEnvironment(timeout: .seconds(timeout)) else {
            throw ValidationError("This process is alone; launch it with torchrun --no-python")
        }
        if fate == .works {
            try compare(group)
        } else {
            try outlive(group)
        }
    }

    private struct Comparison: Encodable {
        var processes: Int
        var sum: Double
        var gathered: [[UInt8]]
        var losses: [Double]
        var lossError: Double
        var gradientError: Double
        var parameterError: Double
        var statisticsError: Double
    }

    /// Steps of all processes beside steps of one.
    private func compare(_ group: ProcessGroup) throws {
        let number = try TorchTensor([Float(group.rank + 1)], shape: [1])
        try group.sum([number])
        let gathered = try group.gather([UInt8](repeating: UInt8(group.rank), count: group.rank))

        let together = try SmallNetwork()
        // All but process 0 start elsewhere, so that it is the broadcast that makes them equal.
        if !group.isWriter { try together.scale(by: 3) }
        try group.broadcast(together.parameters + together.buffers)
        let alone = try SmallNetwork()
        var comparison = Comparison(
            processes: group.count, sum: try number.item(), gathered: gathered, losses: [], lossError: 0,
            gradientError: 0, parameterError: 0, statisticsError: 0)
        for step in 0..<steps {
            let whole = Batch(step: step, photos: 0..<4 * group.count)
            let share = Batch(step: step, photos: 4 * group.rank..<4 * (group.rank + 1))
            let loss = try group.synchronizingNormalization { try together.loss(share, group) }
            try loss.backward()
            try group.averageGradients(of: together.parameters)
            let shown = loss.detached()
            try group.sum([shown], scale: 1 / Double(group.count))

            let expected = try alone.loss(whole, nil)
            try expected.backward()
            comparison.losses.append(try shown.item())
            comparison.lossError = max(comparison.lossError, abs(try shown.item() - expected.item()))
            for (own, other) in zip(together.parameters, alone.parameters) {
                comparison.gradientError = max(
                    comparison.gradientError, try distance(try own.gradient, try other.gradient))
            }
            try together.descend()
            try alone.descend()
        }
        for (own, other) in zip(together.parameters, alone.parameters) {
            comparison.parameterError = max(comparison.parameterError, try distance(own, other))
        }
        for (own, other) in zip(together.buffers, alone.buffers) {
            comparison.statisticsError = max(comparison.statisticsError, try distance(own, other))
        }
        guard group.isWriter else { return }
        try show(comparison)
    }

    private struct Ending: Encodable {
        var error: String
        var seconds: Double
    }

    /// Process 1 ends or falls silent between two sums; the others tell how they learn of it.
    private func outlive(_ group: ProcessGroup) throws {
        let number = try TorchTensor([Float(1)], shape: [1])
        try group.sum([number])
        if group.rank == 1 {
            if fate == .sleeps { Thread.sleep(forTimeInterval: 10 * timeout) }
            // At once, as if killed.
            _exit(0)
        }
        let started = Date()
        do {
            try group.sum([number])
        } catch {
            if group.isWriter { try show(Ending(error: error.message, seconds: -started.timeIntervalSinceNow)) }
            return
        }
        throw ValidationError("The sum went on without process 1")
    }

    private func show(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    private func distance(_ own: TorchTensor?, _ other: TorchTensor?) throws -> Double {
        guard let own, let other else { return own == nil && other == nil ? 0 : .infinity }
        return zip(try own.doubles(), try other.doubles()).map { abs($0 - $1) }.max() ?? 0
    }
}

/// Photos and labels that depend on nothing but their numbers.
private struct Batch {
    let pixels: [Float]
    let labels: [Int]

    init(step: Int, photos: Range<Int>) {
        labels = photos.map { ($0 + step) % SmallNetwork.classes }
        pixels = photos.flatMap { photo in
            (0..<3 * 6 * 6).map { Float(sin(Double(7 * photo + 3 * step) + 1.3 * Double($0 * $0 % 97))) + 0.5 }
        }
    }
}

/// A convolution, batch normalisation and a linear layer, with a loss of single photos and one of the whole batch.
private final class SmallNetwork {
    static let classes = 5
    let parameters: [TorchTensor]
    let buffers: [TorchTensor]

    init() throws {
        func weights(_ shape: Shape, _ seed: Double) throws -> TorchTensor {
            let values = (0..<shape.elementCount).map { Float(0.4 * sin(seed + 2.1 * Double($0))) }
            return try TorchTensor(values, shape: shape).requiringGradient()
        }
        parameters = [
            try weights([4, 3, 3, 3], 1), try weights([4], 2), try weights([4], 3), try weights([4, Self.classes], 4),
        ]
        buffers = [
            try TorchTensor([Float](repeating: 0, count: 4), shape: [4]),
            try TorchTensor([Float](repeating: 1, count: 4), shape: [4]),
        ]
    }

    func loss(_ batch: Batch, _ group: ProcessGroup?) throws -> TorchTensor {
        let count = batch.labels.count
        let images = try TorchTensor(batch.pixels, shape: [count, 3, 6, 6])
        let statistics = BatchStatistics(
            weight: parameters[1], bias: parameters[2], runningMean: buffers[0], runningVariance: buffers[1],
            epsilon: 1e-5, momentum: 0.1, isTraining: true)
        let descriptors =
            try images
            .convolved(
                weight: parameters[0], bias: nil, window: ConvolutionWindow(padding: Insets(1))
            )
            .batchNormalized(statistics).mapped(.relu).mean([2, 3])
        let scores = try descriptors.matrixProduct(with: parameters[3]).logSoftmax(axis: 1)
        let ones = batch.labels.flatMap { label in (0..<Self.classes).map { Float($0 == label ? -1 : 0) } }
        let own = try (scores * TorchTensor(ones, shape: [count, Self.classes])).sum([1]).mean([0])
        // Every pair of the whole batch counts.
        let all = try group?.gathered(descriptors) ?? descriptors
        let pairs = try all.matrixProduct(with: all.permuted([1, 0])).mapped(.power(2)).mean([0, 1])
        return try own + pairs
    }

    func descend() throws {
        try Torch.withoutGradients {
            for parameter in parameters {
                guard let gradient = try parameter.gradient else { continue }
                try ATen("aten::add_", "Tensor").run(parameter, gradient, -0.1)
                try parameter.setGradient(nil)
            }
        }
    }

    func scale(by factor: Float) throws {
        try Torch.withoutGradients {
            for tensor in parameters + buffers { try ATen("aten::mul_", "Scalar").run(tensor, factor) }
        }
    }
}
