/// Two descriptors that belong together: one of the query, one of the candidate.
public struct DescriptorMatch: Hashable, Sendable {
    /// Index of the query's descriptor.
    public var query: Int32

    /// Index of the candidate's descriptor.
    public var candidate: Int32

    /// How far apart the two are.
    public var distance: SquaredDistance

    /// Their Euclidean distance divided by that to the best rival, from 0 (unmistakable) to 1 (a coin toss).
    public var ratio: Float

    /// Makes a match.
    public init(query: Int32, candidate: Int32, distance: SquaredDistance, ratio: Float) {
        self.query = query
        self.candidate = candidate
        self.distance = distance
        self.ratio = ratio
    }

    /// Whether this one is tried before `other`: the lower ratio first, then the lower distance, then the lower
    /// indices, so that the order never depends on anything else.
    func precedes(_ other: DescriptorMatch) -> Bool {
        if ratio != other.ratio { return ratio < other.ratio }
        if distance != other.distance { return distance < other.distance }
        return (query, candidate) < (other.query, other.candidate)
    }
}
