import CairnNN
import CairnTorch

/// The processes that share a batch, for losses of whole batches and for state that all processes must agree on.
public struct LossProcesses {
    /// This process' number, from 0.
    public var rank: Int
    /// How many there are.
    public var count: Int
    /// Hands a tensor to all processes and gives back those of all, in the order of ranks, without gradient. Tensors differ in
    /// their first size alone. All processes call it equally often.
    public var gather: (TorchTensor) throws -> [TorchTensor]

    /// Several processes.
    public init(rank: Int, count: Int, gather: @escaping (TorchTensor) throws -> [TorchTensor]) {
        precondition(count > 0 && (0..<count).contains(rank), "process \(rank) of \(count)")
        self.rank = rank
        self.count = count
        self.gather = gather
    }

    /// One process.
    public static var alone: LossProcesses { LossProcesses(rank: 0, count: 1) { [$0] } }

    /// The rows of all processes, in the order of ranks, without gradient.
    func allRows(_ rows: TorchTensor) throws -> TorchTensor {
        guard count > 1 else { return rows.detached() }
        return try joined(gathered(rows.detached()))
    }

    /// The rows of all processes, through which gradients flow to this one's own.
    ///
    /// Every process computes the same loss of all rows, and gradients are averaged over processes: so each process' part is
    /// multiplied by their number, that the average be the gradient of the loss.
    func allRowsWithGradient(_ rows: TorchTensor) throws -> TorchTensor {
        guard count > 1 else { return rows }
        var parts = try gathered(rows.detached())
        // Adds zeros whose gradient is not 0.
        parts[rank] = try rows + (rows - rows.detached()).scaled(by: Double(count - 1))
        return try joined(parts)
    }

    private func gathered(_ rows: TorchTensor) throws -> [TorchTensor] {
        let parts = try Torch.withoutGradients { try gather(rows) }
        guard parts.count == count else {
            throw TrainingError(.failure, "rows of \(parts.count) processes were gathered, not of \(count)")
        }
        return parts
    }

    private func joined(_ parts: [TorchTensor]) throws -> TorchTensor {
        try parts[0].concatenated(with: Array(parts.dropFirst()), axis: 0)
    }
}
