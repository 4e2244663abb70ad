/// The local half of a DELG network. Cao, Araujo and Sim 2020, "Unifying Deep Local and Global Features for Image Search".
public struct DELGSettings: Codable, Sendable, Hashable {
    /// Size of a local descriptor, the autoencoder's code; 128.
    public var localDimensions = 128
    /// Channels between attention's convolutions; 512.
    public var attentionChannels = 512

    /// The paper's sizes.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case localDimensions, attentionChannels }
}

extension DELGSettings: YAMLDecodable {
    /// Reads the sizes; `delg: {}` has the paper's.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.localDimensions, into: &localDimensions, .within(1...4096))
        try fields.read(.attentionChannels, into: &attentionChannels, .within(1...8192))
    }
}
