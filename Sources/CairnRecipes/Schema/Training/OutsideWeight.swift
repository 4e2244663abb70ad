/// Photos that count less in a stage's losses, as cleaning left them out.
public struct OutsideWeight: Codable, Sendable, Hashable {
    /// The cleaning step whose photos count fully.
    public var cleaning: String
    /// What the loss of any other photo is multiplied by, from 0 to 1.
    public var weight: Double

    enum CodingKeys: String, CodingKey, CaseIterable { case cleaning, weight }
}

extension OutsideWeight: YAMLDecodable {
    /// Reads the setting.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        cleaning = try fields.required(.cleaning)
        weight = try fields.required(.weight)
        try fields.read(.weight, into: &weight, .within(0...1))
    }
}
