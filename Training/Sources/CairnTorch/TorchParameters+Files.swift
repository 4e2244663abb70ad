import CairnCheckpoints
import CairnFormats
import CairnNN

/// Parameters out and in.
extension TorchParameters {
    /// A source whose parameters are a checkpoint's. Those that it was told to ignore, such as a classifier for other classes,
    /// start from the seed.
    ///
    /// ```swift
    /// let shapes = ShapeParameters()
    /// _ = try architecture.makeBackbone(Parameters(shapes), classes: 500)
    /// let stored = try checkpoint.parameters(for: shapes.specs, configuration: .ignoringHead(["fc.*"]))
    /// let parameters = TorchParameters(seed: 0, stored: stored)
    /// ```
    public convenience init(
        seed: UInt64, device: TorchDevice = .cpu, stored: CheckpointParameters, channelsLast: Bool = false
    ) {
        self.init(seed: seed, device: device, storage: stored, hasStored: stored.contains, channelsLast: channelsLast)
    }

    /// A copy of every parameter and buffer by its name, in the tensor's own element type.
    public func arrays() throws -> [(name: String, array: NumericArray)] {
        try entries.map { ($0.spec.name, try $0.tensor.array()) }
    }

    /// Writes every parameter and buffer to a `.safetensors` file, which appears when it is complete.
    ///
    /// Throws `FormatError` where it cannot be written.
    public func save(to path: String, metadata: [String: String] = [:]) throws {
        try SafetensorsFile.write(arrays(), metadata: metadata, to: path)
    }

    /// Copies a checkpoint's values into the tensors that layers and optimisers hold.
    ///
    /// Throws `CheckpointError`, before anything is changed, unless every name has its partner but those that the configuration
    /// leaves out.
    public func load(_ checkpoint: Checkpoint, configuration: LoadingConfiguration = .strict) throws {
        let stored = try checkpoint.parameters(for: entries.map(\.spec), configuration: configuration)
        for entry in entries where stored.contains(entry.spec.name) {
            try entry.tensor.copy(from: TorchTensor(stored.array(for: entry.spec)))
        }
    }
}
