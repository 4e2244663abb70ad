import CairnNN
import CairnTorch

extension TorchParameters {
    /// All tensors by name.
    var named: [(name: String, tensor: TorchTensor)] { entries.map { ($0.spec.name, $0.tensor) } }

    /// Copies the values of those of another source that have the same name and shape.
    func adoptMatching(_ other: TorchParameters) throws {
        for entry in entries {
            guard let tensor = other.tensor(named: entry.spec.name), tensor.shape == entry.spec.shape else { continue }
            try entry.tensor.copy(from: tensor)
        }
    }
}
