import CairnCore

/// A network that finds keypoints, with what must be known to run it.
public struct KeypointModel: Sendable {
    /// How its outputs are read.
    public let kind: KeypointModelKind
    /// Numbers in a descriptor.
    public let entries: Int
    /// Channels of its input: 3 for RGB, 1 for luma, both in [0, 1].
    public let channels: Int
    /// The one size of its input; `nil` where any will do.
    public let fixedSize: ImageSize?

    /// The network for an input of a size.
    let network: @Sendable (ImageSize) throws -> any KeypointNetwork
    /// ALIKED's two small networks.
    let head: (offsets: any KeypointNetwork, descriptors: any KeypointNetwork)?

    /// A model from elsewhere, recognised by its outputs.
    ///
    /// Its input is one image, `[1, 3, H, W]` RGB or `[1, 1, H, W]` luma, in [0, 1]; H and W are set both or free both.
    /// Throws `FeatureError` that lists what the model has, where it is of no known kind.
    public init(recognizing network: any KeypointNetwork) throws {
        kind = try KeypointModelKind(recognizing: network.outputs)
        guard network.inputs.count == 1, network.inputs[0].dimensions.count == 4,
            network.inputs[0].dimensions[0] ?? 1 == 1, let channels = network.inputs[0].dimensions[1],
            channels == 1 || channels == 3
        else {
            let seen = network.inputs.map(\.description).joined(separator: ", ")
            throw FeatureError(
                .unsupported, "keypoint models take one image, [1, 3, H, W] or [1, 1, H, W]; this one takes \(seen)")
        }
        self.channels = channels
        switch (network.inputs[0].dimensions[2], network.inputs[0].dimensions[3]) {
        case (let height?, let width?): fixedSize = ImageSize(width: width, height: height)
        case (nil, nil): fixedSize = nil
        default:
            throw FeatureError(
                .unsupported, "the model's input \(network.inputs[0]) has one free side; export it with both, or none")
        }
        entries = try Self.entries(kind, network.outputs)
        self.network = { _ in network }
        head = nil
    }

    /// SuperPoint: `[1, 1, H, W]` to heatmap `[1, 1, H, W]` and descriptors `[1, 256, H / 8, W / 8]`.
    ///
    /// - Parameter network: Makes or finds the network for a size, whose sides are multiples of 8.
    public static func superPoint(
        network: @escaping @Sendable (ImageSize) throws -> any KeypointNetwork
    ) -> KeypointModel {
        KeypointModel(
            kind: .heatmap(scores: 0, descriptors: 1), entries: 256, channels: 1, network: network, head: nil)
    }

    /// ALIKED: `[1, 3, H, W]` to scores `[1, 1, H, W]` and the four levels with channels last, `[1, H / s, W / s, D / 4]`.
    ///
    /// - Parameters:
    ///   - entries: Numbers in a descriptor, D.
    ///   - offsets: Patches `[K, D, 3, 3]` to `[K, M, 2]`; K may be fixed.
    ///   - descriptors: Samples `[K, M, D]` to `[K, D]`, of the same K.
    ///   - network: Makes or finds the network for a size, whose sides are multiples of 32.
    public static func aliked(
        entries: Int, offsets: any KeypointNetwork, descriptors: any KeypointNetwork,
        network: @escaping @Sendable (ImageSize) throws -> any KeypointNetwork
    ) -> KeypointModel {
        KeypointModel(
            kind: .aliked, entries: entries, channels: 3, network: network, head: (offsets, descriptors))
    }

    /// DELG: `[1, 3, H, W]` of any size to attention `[1, 1, h, w]` and descriptors `[1, D, h, w]`, where h and w are H / 16 and
    /// W / 16, rounded up.
    ///
    /// - Parameters:
    ///   - entries: Numbers in a descriptor, D.
    ///   - network: Makes or finds the network for a size.
    public static func delg(
        entries: Int, network: @escaping @Sendable (ImageSize) throws -> any KeypointNetwork
    ) -> KeypointModel {
        KeypointModel(
            kind: .attention(scores: 0, descriptors: 1), entries: entries, channels: 3, network: network, head: nil)
    }

    private init(
        kind: KeypointModelKind, entries: Int, channels: Int,
        network: @escaping @Sendable (ImageSize) throws -> any KeypointNetwork,
        head: (offsets: any KeypointNetwork, descriptors: any KeypointNetwork)?
    ) {
        self.kind = kind
        self.entries = entries
        self.channels = channels
        self.network = network
        self.head = head
        fixedSize = nil
    }

    private static func entries(_ kind: KeypointModelKind, _ outputs: [NetworkPort]) throws -> Int {
        guard let place = kind.descriptorOutput else { return 0 }
        let sides = outputs[place].dimensions
        var candidates = sides.count == 4 ? [sides[1]] : Array(sides.suffix(2))
        if case .keypoints(let positions, _, _) = kind {
            let dimensions = outputs[positions].dimensions
            let count = dimensions[dimensions.count - 2]
            if let count, let index = candidates.firstIndex(of: count) { candidates.remove(at: index) }
        }
        let known = candidates.compactMap { $0 }
        guard known.count == 1, (1...1_024).contains(known[0]) else {
            throw FeatureError(
                .unsupported,
                "how long descriptors are cannot be told from \(outputs[place]); export the model with that axis fixed, at most 1,024"
            )
        }
        return known[0]
    }
}
