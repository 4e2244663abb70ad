/// What happens to a photo before a network describes it.
public struct RecipeModelInput: Codable, Sendable, Hashable {
    /// How a photo is brought to its size.
    public enum Fit: String, Codable, Sendable, Hashable, YAMLChoice {
        /// The long side becomes `size`, and the aspect ratio stays.
        case longSide
        /// The short side becomes `size`, and the aspect ratio stays.
        case shortSide
        /// Both sides become `size`.
        case square
    }

    /// How bytes become numbers.
    public enum Normalization: String, Codable, Sendable, Hashable, YAMLChoice {
        /// ImageNet's mean and deviation of each channel.
        case imagenet
        /// From -1 to 1.
        case half
        /// From 0 to 1.
        case unit
    }

    /// Pixels of the side that `fit` means; 1,024.
    public var size = 1024
    /// How a photo is brought to its size; by its long side.
    public var fit = Fit.longSide
    /// How bytes become numbers; by ImageNet's statistics.
    public var normalization = Normalization.imagenet

    /// A long side of 1,024 pixels.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case size, fit, normalization }
}

extension RecipeModelInput: YAMLDecodable {
    /// Reads the input; `input: 448` is short for the size alone.
    public init(yaml: YAMLNode) throws {
        guard yaml.isMapping else {
            size = try Int(yaml: yaml)
            try YAMLBounds.within(16...8192).check(size, yaml)
            return
        }
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.size, into: &size, .within(16...8192))
        try fields.read(.fit, into: &fit)
        try fields.read(.normalization, into: &normalization)
    }
}
