import CairnNN
import CairnTorch

/// The photos of all processes' parts of a batch, for losses that compare each with each.
struct WholeBatch {
    /// `[N, D]`, rows of length 1; gradients flow to this process' own.
    let units: TorchTensor
    /// `[N, N]`: both photos are of one class.
    let isSameClass: TorchTensor
    /// `[N]`.
    let weights: TorchTensor

    init(_ input: LossInput) throws {
        try input.check()
        let own = try input.preciseEmbeddings.unitRows()
        units = try input.processes.allRowsWithGradient(own)
        let labels = try TorchTensor(input.mainLabels, device: own.device)
        let all = try input.processes.allRows(labels)
        let count = all.shape[0]
        isSameClass = try LossOperator.equal(all.reshaped([count, 1]), all.reshaped([1, count]))
        let ones = [Float](repeating: 1, count: input.count)
        weights = try input.processes.allRows(input.photoNumbers(input.weights ?? ones))
    }

    /// Photos of all processes.
    var count: Int { units.shape[0] }

    /// `[N, N]`: cosines of the angles between photos.
    func products() throws -> TorchTensor { try units.linearProducts(with: units) }
}
