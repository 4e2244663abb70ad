import CairnCore
import CairnNN

/// Batches that lie in several processes, treated as one.
extension ProcessGroup {
    /// Replaces gradients by their means over all processes.
    ///
    /// A parameter that got a gradient in some processes alone counts as zero in the others, and one that got none anywhere stays
    /// without. `parameters` are the same in all processes.
    public func averageGradients(of parameters: [TorchTensor]) throws(TorchError) {
        let wanted = parameters.filter(\.requiresGradient)
        guard !wanted.isEmpty else { return }
        var gradients: [TorchTensor?] = []
        for parameter in wanted { gradients.append(try parameter.gradient) }
        let presence = try TorchTensor(gradients.map { $0 == nil ? 0 : 1 }, shape: [wanted.count])
        try sum([presence])
        var averaged: [TorchTensor] = []
        for ((parameter, gradient), present) in zip(zip(wanted, gradients), try presence.floats()) where present > 0 {
            if let gradient {
                averaged.append(gradient)
            } else {
                let zeros = try ATen.zerosLike(parameter.detached())
                try parameter.setGradient(zeros)
                averaged.append(zeros)
            }
        }
        try sum(averaged, scale: 1 / Double(count))
    }

    /// The rows of all processes, those of process 0 first, as part of the graph: `[n, ...]` here, `[Σn, ...]` together.
    ///
    /// What each process computes of them is thought to be added up over processes, so that a loss that all compute alike of the
    /// whole batch has its own gradient once gradients are averaged. Processes may have different numbers of rows.
    public func gathered(_ rows: TorchTensor) throws(TorchError) -> TorchTensor {
        guard let own = rows.shape.dimensions.first else {
            throw TorchError(.invalidArgument, "a single number has no rows to gather")
        }
        return try gathered(rows, counts: counts(of: own))
    }

    /// The bytes of every process, such as small results for the writer, by rank.
    public func gather(_ bytes: [UInt8]) throws(TorchError) -> [[UInt8]] {
        let counts = try counts(of: bytes.count)
        let all = try gathered(TorchTensor(bytes: bytes, shape: [bytes.count]), counts: counts).integers()
        var start = 0
        return counts.map { count in
            defer { start += count }
            return all[start..<start + count].map { UInt8(truncatingIfNeeded: $0) }
        }
    }

    /// Runs a body in which layers that normalise by their batch do so over the photos of all processes.
    ///
    /// With it, `count` processes give what one does with the whole batch; without, each normalises by its own share, which costs
    /// no messages during the passes.
    public func synchronizingNormalization<R>(_ body: () throws -> R) rethrows -> R {
        try Self.$normalizing.withValue(self, operation: body)
    }

    /// The group whose batches are normalised as one.
    @TaskLocal static var normalizing: ProcessGroup?

    /// How many rows each process has.
    private func counts(of own: Int) throws(TorchError) -> [Int] {
        var counts = [Int](repeating: 0, count: count)
        counts[rank] = own
        let shared = try TorchTensor(counts)
        try sum([shared])
        return try shared.integers()
    }

    /// Own rows between zeros for all other processes', and the sum of that.
    private func gathered(_ rows: TorchTensor, counts: [Int]) throws(TorchError) -> TorchTensor {
        var pieces: [TorchTensor] = []
        for (number, count) in counts.enumerated() {
            if number == rank {
                pieces.append(rows)
            } else {
                pieces.append(try ATen.newZeros(rows, [count] + rows.shape.dimensions.dropFirst()))
            }
        }
        return try summed(ATen.cat(pieces, 0))
    }
}

extension ATen {
    fileprivate static let zerosLike = ATen("aten::zeros_like")
    fileprivate static let newZeros = ATen("aten::new_zeros")
}
