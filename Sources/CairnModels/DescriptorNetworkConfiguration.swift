import CairnCore

/// A network that describes an image by one vector: backbone, pooling and head.
public struct DescriptorNetworkConfiguration: Codable, Sendable, Hashable {
    /// The backbone's name in the catalogue of `Architecture`; `resnet50`.
    public var architecture: String
    /// How the map becomes a vector; GeM with p = 3.
    public var pooling: PoolingConfiguration
    /// What makes the descriptor of it; nothing but L2 normalisation.
    public var head: HeadConfiguration
    /// Size of a descriptor; nil for the backbone's number of channels.
    public var dimensions: Int?

    /// Sets the options.
    public init(
        architecture: String = "resnet50", pooling: PoolingConfiguration = .gem, head: HeadConfiguration = .none,
        dimensions: Int? = nil
    ) {
        self.architecture = architecture
        self.pooling = pooling
        self.head = head
        self.dimensions = dimensions
    }

    /// The global half of DELG: ResNet-101, GeM with p = 3, whitening to 2,048.
    public static let delg = DescriptorNetworkConfiguration(
        architecture: "resnet101", head: .whitening, dimensions: 2048)

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case architecture, pooling, head, dimensions
    }

    /// Reads settings; what is left out has its default, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a descriptor network")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = DescriptorNetworkConfiguration()
        architecture = try values.decodeIfPresent(String.self, forKey: .architecture) ?? defaults.architecture
        pooling = try values.decodeIfPresent(PoolingConfiguration.self, forKey: .pooling) ?? defaults.pooling
        head = try values.decodeIfPresent(HeadConfiguration.self, forKey: .head) ?? defaults.head
        dimensions = try values.decodeIfPresent(Int.self, forKey: .dimensions) ?? defaults.dimensions
    }
}
