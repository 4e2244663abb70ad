import CairnModels

/// A network that describes photos: one of the ensemble, or all there is.
public struct RecipeModel: Codable, Sendable, Hashable {
    /// What the rest of the recipe calls it.
    public var name: String
    /// The backbone's name in the catalogue of `Architecture`.
    public var backbone: String
    /// How the map becomes a vector; GeM, p = 3.
    public var pooling = PoolingConfiguration.gem
    /// What makes a descriptor of that; L2 normalisation alone.
    public var head = HeadConfiguration.none
    /// Size of the descriptor; `nil` for the backbone's channels.
    public var dimensions: Int?
    /// The local half of DELG; `nil` for a network of global descriptors alone.
    public var delg: DELGSettings?
    /// What happens to a photo before the network.
    public var input = RecipeModelInput()
    /// Sizes at which a photo is described, as multiples of `input.size`; 1 alone.
    public var scales: [Double] = [1]
    /// How descriptors of several sizes become one; their mean.
    public var scaleAggregation = ScaleAggregationKind.average
    /// What is done to this model's descriptors alone, before an ensemble; nothing.
    public var whitening: RecipeWhitening?
    /// Where the weights come from: what the document began with, and which public checkpoint has them.
    public var weights: String?
    /// Which document says so.
    public var source: String

    /// How descriptors of several sizes become one. All are L2-normalised before and after.
    public enum ScaleAggregationKind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// The mean.
        case average
        /// The sum, which is the mean once it is normalised.
        case sum
        /// The generalised mean with the pooling's exponent.
        case gem
    }

    /// The network that has these parts.
    public var network: DescriptorNetworkConfiguration {
        DescriptorNetworkConfiguration(architecture: backbone, pooling: pooling, head: head, dimensions: dimensions)
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, backbone, pooling, head, dimensions, delg, input, scales, scaleAggregation, whitening, weights,
            source
    }
}

extension RecipeModel: YAMLDecodable {
    /// Reads a model. `pooling: gap` and `head: conv-bn` are short for mappings with a `kind` alone.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        name = try fields.required(.name)
        backbone = try fields.required(.backbone)
        try fields.read(.pooling, into: &pooling)
        try fields.read(.head, into: &head)
        try fields.read(.dimensions, into: &dimensions, .within(1...65_536))
        try fields.read(.delg, into: &delg)
        try fields.read(.input, into: &input)
        try fields.read(.scales, into: &scales, each: .above(0, upTo: 4))
        guard (1...8).contains(scales.count) else {
            throw fields.error(.scales, "a model looks at 1 to 8 scales, not \(scales.count)")
        }
        try fields.read(.scaleAggregation, into: &scaleAggregation)
        try fields.read(.whitening, into: &whitening)
        try fields.read(.weights, into: &weights)
        source = try fields.required(.source)
    }
}
