import CairnNN
import CairnTorch

/// Tensors by name that a checkpoint keeps beside the weights.
enum TrainingState {
    /// Copies tensors into those of the same names, which keep their places and types.
    ///
    /// Throws `TrainingError` where names or shapes are not the same; nothing is changed then.
    static func restore(
        _ state: [(name: String, tensor: TorchTensor)], into tensors: [(name: String, tensor: TorchTensor)],
        of owner: String
    ) throws {
        var left: [String: TorchTensor] = [:]
        for (name, tensor) in state {
            guard left.updateValue(tensor, forKey: name) == nil else {
                throw TrainingError(.invalidInput, "the state of \(owner) has \(name) twice; the checkpoint is damaged")
            }
        }
        var (pairs, missing): ([(TorchTensor, TorchTensor)], [String]) = ([], [])
        for (name, tensor) in tensors {
            guard let saved = left.removeValue(forKey: name) else {
                missing.append(name)
                continue
            }
            guard saved.shape == tensor.shape else {
                throw TrainingError(
                    .invalidInput,
                    "\(name) of \(owner) is saved as \(saved.shape) and should be \(tensor.shape); \(advice)")
            }
            pairs.append((tensor, saved))
        }
        guard missing.isEmpty else {
            throw TrainingError(.invalidInput, "the state of \(owner) lacks \(listed(missing)); \(advice)")
        }
        guard left.isEmpty else {
            throw TrainingError(
                .invalidInput,
                "the state of \(owner) has \(listed(left.keys.sorted())), which nothing here is; \(advice)")
        }
        for (tensor, saved) in pairs { try tensor.copy(from: saved) }
    }

    private static let advice = "resume with the recipe that the checkpoint was made with"

    /// The first few names, and how many more there are.
    private static func listed(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }
}
