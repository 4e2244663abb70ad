/// A document or paper that a recipe follows.
public struct RecipeReference: Codable, Sendable, Hashable {
    /// Authors and title.
    public var title: String
    /// Where it can be read.
    public var link: String?
    /// What the recipe takes from it.
    public var note: String?

    enum CodingKeys: String, CodingKey, CaseIterable { case title, link, note }
}

extension RecipeReference: YAMLDecodable {
    /// Reads a reference.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        title = try fields.required(.title)
        try fields.read(.link, into: &link)
        try fields.read(.note, into: &note)
    }
}
