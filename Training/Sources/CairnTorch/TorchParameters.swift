import CairnNN

/// The parameters of a model in training: made when the model first asks for them, then changed in place.
///
/// A parameter comes from the storage where that has it, and otherwise from random numbers that depend on the seed and the
/// parameter's name alone, so that adding a layer changes no other's start. Layers that share a parameter get the same tensor.
public final class TorchParameters: ParameterSource {
    /// Training or not, and which statistics stay.
    public let phase = ForwardPhase()
    /// What models have asked for, in that order.
    public private(set) var entries: [Entry] = []

    /// A parameter with what it is.
    public struct Entry {
        /// Name, shape and role.
        public let spec: ParameterSpec
        /// The tensor that layers hold. A leaf with gradient, unless it is a buffer.
        public let tensor: TorchTensor
    }

    private var places: [String: Int] = [:]
    private let storage: (any ParameterStorage)?
    private let hasStored: (String) -> Bool
    private let seed: UInt64
    private let channelsLast: Bool
    /// Where the tensors are.
    public let device: TorchDevice

    /// A source that starts parameters from a seed.
    ///
    /// - Parameters:
    ///   - seed: Starts the random numbers.
    ///   - device: Where tensors are.
    ///   - storage: What has parameters by name; nil for none.
    ///   - hasStored: Which of the names it has.
    ///   - channelsLast: Kernels have channels innermost in memory, and so have the maps of networks whose images have. The same
    ///     numbers to rounding; what is faster depends on the machine.
    public init(
        seed: UInt64, device: TorchDevice = .cpu, storage: (any ParameterStorage)? = nil,
        hasStored: @escaping (String) -> Bool = { _ in true }, channelsLast: Bool = false
    ) {
        self.channelsLast = channelsLast
        self.seed = seed
        self.device = device
        self.storage = storage
        self.hasStored = hasStored
    }

    /// The tensor of that name, made if it is not there yet.
    ///
    /// Throws `NetworkError` for a name in another shape than before, and what the storage throws.
    public func parameter(_ spec: ParameterSpec) throws -> TorchTensor {
        if let place = places[spec.name] {
            let entry = entries[place]
            guard entry.spec.shape == spec.shape else {
                throw NetworkError(
                    .invalidArgument, "\(spec.name) is asked for as \(spec.shape) and is \(entry.spec.shape)")
            }
            return entry.tensor
        }
        var values: [Float]
        if let storage, hasStored(spec.name) {
            values = try storage.floats(for: spec)
        } else {
            values = InitialValues(of: spec, seed: seed).values()
        }
        var tensor = try TorchTensor(values, shape: spec.shape, device: device)
        values = []
        if channelsLast, spec.shape.rank == 4 { tensor = try tensor.converted(channelsLast: true) }
        try tensor.requiringGradient(spec.role != .buffer)
        places[spec.name] = entries.count
        entries.append(Entry(spec: spec, tensor: tensor))
        return tensor
    }

    /// The tensor of that name; `nil` where nobody has asked for it.
    public func tensor(named name: String) -> TorchTensor? { places[name].map { entries[$0].tensor } }
}
