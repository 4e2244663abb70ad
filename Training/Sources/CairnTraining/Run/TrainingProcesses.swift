import CairnAlgebra
import CairnTorch
import CairnTrainingData
import Foundation

/// This process among those that share a run.
struct TrainingProcesses {
    /// The group; `nil` for one process alone.
    let group: ProcessGroup?

    /// This process' number, from 0.
    var rank: Int { group?.rank ?? 0 }
    /// How many there are.
    var count: Int { group?.count ?? 1 }
    /// Whether this one writes files and talks to people.
    var isWriter: Bool { rank == 0 }

    /// The same for losses, which may look at the whole batch.
    var losses: LossProcesses {
        guard let group else { return .alone }
        return LossProcesses(rank: group.rank, count: group.count) { rows in
            let sizes = try group.gather([UInt8](String(rows.shape[0]).utf8)).map {
                Int(String(decoding: $0, as: UTF8.self)) ?? 0
            }
            let whole = try Torch.withoutGradients { try group.gathered(rows) }
            var first = 0
            return try sizes.map { size in
                defer { first += size }
                return try whole.sliced(axis: 0, first..<first + size)
            }
        }
    }

    /// Runs a body in which layers normalise by the batch of all processes together.
    func synchronizingNormalization<R>(_ body: () throws -> R) rethrows -> R {
        guard let group else { return try body() }
        return try group.synchronizingNormalization(body)
    }

    /// The lists of all processes, one after the other.
    func gathered(_ photos: [UnreadablePhoto]) throws -> [UnreadablePhoto] {
        guard let group else { return photos }
        return try group.gather([UInt8](JSONEncoder().encode(photos))).flatMap {
            try JSONDecoder().decode([UnreadablePhoto].self, from: Data($0))
        }
    }

    /// The sums of numbers over all processes.
    func sum(_ numbers: [Double]) throws -> [Double] {
        guard let group else { return numbers }
        let tensor = try TorchTensor(doubles: numbers, shape: [numbers.count])
        try group.sum([tensor])
        return try tensor.doubles()
    }

    /// Photos described by all processes together, each of which has the whole result afterwards.
    func described(
        _ paths: [String], by describer: PhotoDescriber
    ) throws -> (descriptors: DescriptorMatrix, unreadable: [UnreadablePhoto]) {
        guard let group else { return try describer.describe(paths) { _ in try Task.checkCancellation() } }
        let own = stride(from: rank, to: paths.count, by: count).map { $0 }
        let (mine, unreadable) = try describer.describe(own.map { paths[$0] })
        let dimensions = mine.dimensions
        var values = [Float](repeating: 0, count: paths.count * dimensions)
        for (place, row) in own.enumerated() {
            values.replaceSubrange(row * dimensions..<(row + 1) * dimensions, with: mine[place])
        }
        // Each row has numbers in one process alone.
        let tensor = try TorchTensor(values, shape: [paths.count, dimensions])
        try group.sum([tensor])
        return (try DescriptorMatrix(values: tensor.floats(), dimensions: dimensions), try gathered(unreadable))
    }
}
