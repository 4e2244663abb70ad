/// A size of training photos, and for how long. Progressive sizes are several of these.
public struct ImageSizeStep: Codable, Sendable, Hashable {
    /// How training photos are brought to a size.
    public enum Shape: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Squares of `size`.
        case square
        /// Rectangles of about `size²` pixels, one shape a batch, near the photos' own aspect ratio.
        case aspectGroups
        /// Photos of their own aspect ratio with a long side of `size`, one after the other through the network.
        case longSide
    }

    /// Pixels of the side.
    public var size: Int
    /// Epochs at this size; the stage's where there is one size alone.
    public var epochs = 0
    /// How photos are brought to the size; squares.
    public var shape = Shape.square
    /// Photos of a step at this size; the stage's.
    public var batchSize: Int?

    enum CodingKeys: String, CodingKey, CaseIterable { case size, epochs, shape, batchSize }
}

extension ImageSizeStep: YAMLDecodable {
    /// Reads a size; a number alone is short for squares of that size.
    public init(yaml: YAMLNode) throws {
        guard yaml.isMapping else {
            size = try Int(yaml: yaml)
            try YAMLBounds.within(16...4096).check(size, yaml)
            return
        }
        let fields = try yaml.fields(CodingKeys.self)
        size = try fields.required(.size)
        try fields.read(.size, into: &size, .within(16...4096))
        try fields.read(.epochs, into: &epochs, .within(1...100_000))
        try fields.read(.shape, into: &shape)
        try fields.read(.batchSize, into: &batchSize, .within(1...1_000_000))
    }
}
