import CairnCore

/// Sizes of DELG's parts.
public struct DELGConfiguration: Codable, Sendable, Hashable {
    /// A backbone that shows its second-last stage; `resnet50`.
    public var architecture: String
    /// How the deep map becomes a vector; GeM with p = 3, as the authors kept it.
    public var pooling: PoolingConfiguration
    /// Size of the global descriptor; 2,048.
    public var dimensions: Int
    /// Size of a local descriptor; 128.
    public var localDimensions: Int
    /// Channels between attention's convolutions; 512.
    public var attentionChannels: Int

    /// Sets the options.
    public init(
        architecture: String = "resnet50", pooling: PoolingConfiguration = .gem, dimensions: Int = 2048,
        localDimensions: Int = 128, attentionChannels: Int = 512
    ) {
        self.architecture = architecture
        self.pooling = pooling
        self.dimensions = dimensions
        self.localDimensions = localDimensions
        self.attentionChannels = attentionChannels
    }

    /// On ResNet-50.
    public static let resNet50 = DELGConfiguration()
    /// On ResNet-101.
    public static let resNet101 = DELGConfiguration(architecture: "resnet101")

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case architecture, pooling, dimensions, localDimensions, attentionChannels
    }

    /// Reads settings; what is left out has its default, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "DELG")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = DELGConfiguration()
        architecture = try values.decodeIfPresent(String.self, forKey: .architecture) ?? defaults.architecture
        pooling = try values.decodeIfPresent(PoolingConfiguration.self, forKey: .pooling) ?? defaults.pooling
        dimensions = try values.decodeIfPresent(Int.self, forKey: .dimensions) ?? defaults.dimensions
        localDimensions = try values.decodeIfPresent(Int.self, forKey: .localDimensions) ?? defaults.localDimensions
        attentionChannels =
            try values.decodeIfPresent(Int.self, forKey: .attentionChannels) ?? defaults.attentionChannels
    }
}
