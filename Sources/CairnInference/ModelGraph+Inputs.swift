extension ModelGraph {
    /// The tensors in the order of the model's inputs; throws unless there is exactly one of the right shape and type
    /// for each.
    func ordered(_ tensors: [InferenceInput]) throws(InferenceError) -> [InferenceInput] {
        guard tensors.count == inputs.count else {
            let wanted = inputs.map(\.description).joined(separator: "; ")
            throw InferenceError(
                .wrongInput, "\(name) has \(inputs.count) inputs (\(wanted)), and \(tensors.count) were given")
        }
        var placed = [InferenceInput?](repeating: nil, count: inputs.count)
        for (position, tensor) in tensors.enumerated() {
            let place = tensor.name.map { name in inputs.firstIndex { $0.name == name } } ?? position
            guard let place else {
                let names = inputs.map(\.name).joined(separator: ", ")
                throw InferenceError(.wrongInput, "\(name) has no input “\(tensor.name ?? "")”; it has \(names)")
            }
            guard placed[place] == nil else {
                throw InferenceError(.wrongInput, "\(name): two tensors were given for \(inputs[place].name)")
            }
            try tensor.validate(for: inputs[place], of: name)
            placed[place] = tensor
        }
        return placed.compactMap { $0 }
    }
}
