/// A linear map of descriptors, learned after training. An L2 normalisation follows it.
public struct RecipeWhitening: Codable, Sendable, Hashable {
    /// How it is learned.
    public enum Kind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Principal components, with their variances made equal: Jégou and Chum 2012.
        case pca
        /// Principal components as they are: dimension reduction alone.
        case projection
        /// Lw, from pairs of matching photos: Radenović et al. 2018, equations 8 and 9.
        case learned
    }

    /// How it is learned; PCA.
    public var kind = Kind.pca
    /// Entries of a descriptor after it; `nil` for as many as before.
    public var dimensions: Int?
    /// The photos that it is learned on; the index.
    public var learnedOn = RecipeData.Part.index
    /// `learned`: matching pairs at most; all.
    public var pairs: Int?

    /// PCA whitening learned on the index.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case kind, dimensions, learnedOn, pairs }
}

extension RecipeWhitening: YAMLDecodable {
    /// Reads a whitening.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.kind, into: &kind)
        try fields.allow(
            only: [.kind, .dimensions, .learnedOn] + (kind == .learned ? [.pairs] : []),
            of: "the whitening \(kind.rawValue)")
        try fields.read(.dimensions, into: &dimensions, .within(1...65_536))
        if kind == .learned { learnedOn = .train }
        try fields.read(.learnedOn, into: &learnedOn)
        try fields.read(.pairs, into: &pairs, .count)
    }
}
