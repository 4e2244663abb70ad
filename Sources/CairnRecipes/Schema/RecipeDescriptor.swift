/// How the models' descriptors become the one that is searched.
public struct RecipeDescriptor: Codable, Sendable, Hashable {
    /// A model's part of the concatenation.
    public struct Member: Codable, Sendable, Hashable {
        /// The model's name.
        public var model: String
        /// What its descriptor is multiplied by; 1.
        public var weight = 1.0

        enum CodingKeys: String, CodingKey, CaseIterable { case model, weight }
    }

    /// Models whose L2-normalised descriptors are concatenated, in order; all of the recipe's with weight 1 where it is empty.
    public var ensemble: [Member] = []
    /// What is done to the concatenation; nothing but L2 normalisation.
    public var whitening: RecipeWhitening?
    /// Which document says so.
    public var source: String

    enum CodingKeys: String, CodingKey, CaseIterable { case ensemble, whitening, source }
}

extension RecipeDescriptor: YAMLDecodable {
    /// Reads the section.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.ensemble, into: &ensemble)
        try fields.read(.whitening, into: &whitening)
        source = try fields.required(.source)
    }
}

extension RecipeDescriptor.Member: YAMLDecodable {
    /// Reads a member; a model's name alone has weight 1.
    public init(yaml: YAMLNode) throws {
        guard yaml.isMapping else {
            model = try yaml.text()
            return
        }
        let fields = try yaml.fields(CodingKeys.self)
        model = try fields.required(.model)
        try fields.read(.weight, into: &weight, .above(0, upTo: 1000))
    }
}
