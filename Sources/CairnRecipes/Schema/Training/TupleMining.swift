/// How pairs or triplets are found again each epoch with the present model.
///
/// Radenović, Tolias and Chum 2018, section 4.3: an epoch's tuples are made of some queries, each with one matching photo and
/// several hard ones that do not match, of different classes, from a random pool.
public struct TupleMining: Codable, Sendable, Hashable {
    /// How a matching photo is chosen.
    public enum Positives: String, Codable, Sendable, Hashable, YAMLChoice {
        /// By chance among those that match.
        case random
        /// The farthest of those that match.
        case hardest
    }

    /// Queries of an epoch; 2,000.
    public var queries = 2000
    /// Photos that hard ones are looked for in; 20,000.
    public var pool = 20_000
    /// Hard photos of each query, at most one a class; 5.
    public var negatives = 5
    /// How a matching photo is chosen; by chance.
    public var positives = Positives.random
    /// Epochs after which tuples are found again; 1.
    public var every = 1

    /// The paper's numbers.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case queries, pool, negatives, positives, every }
}

extension TupleMining: YAMLDecodable {
    /// Reads the settings.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.queries, into: &queries, .count)
        try fields.read(.pool, into: &pool, .count)
        try fields.read(.negatives, into: &negatives, .within(1...1000))
        try fields.read(.positives, into: &positives)
        try fields.read(.every, into: &every, .within(1...10_000))
        guard negatives <= pool else {
            throw fields.error(.negatives, "a pool of \(pool) photos has no \(negatives) hard ones; enlarge the pool")
        }
    }
}
