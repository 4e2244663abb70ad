/// A query, a photo that matches it, and hard ones that do not: what mining finds. Numbers are those of a photo set.
public struct TrainingTuple: Sendable, Hashable, Codable {
    /// The query's photo.
    public var query: Int
    /// The matching photo.
    public var positive: Int
    /// Photos of other classes.
    public var negatives: [Int]

    /// Makes a tuple.
    public init(query: Int, positive: Int, negatives: [Int]) {
        self.query = query
        self.positive = positive
        self.negatives = negatives
    }

    /// All photos: query, matching one, others.
    var photos: [Int] { [query, positive] + negatives }
}

/// Where the photos of a tuple are in a batch.
public struct TupleRows: Sendable, Hashable {
    /// The query's row.
    public var query: Int
    /// The matching photo's row.
    public var positive: Int
    /// The rows of photos of other classes.
    public var negatives: [Int]

    /// Makes rows.
    public init(query: Int, positive: Int, negatives: [Int]) {
        self.query = query
        self.positive = positive
        self.negatives = negatives
    }
}
