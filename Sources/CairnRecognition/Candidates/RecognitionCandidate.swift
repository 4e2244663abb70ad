/// A labelled image that may show what the query shows.
public struct RecognitionCandidate: Sendable, Hashable, Codable {
    /// The gallery's row, or the image's number.
    public var row: Int

    /// The landmark it shows.
    public var label: String

    /// How alike it is to the query: an inner product of unit descriptors, or another score where higher is better.
    public var similarity: Float

    /// Correspondences that geometric verification confirmed; nil when the pair was not verified.
    public var inliers: Int?

    /// Makes a candidate.
    public init(row: Int, label: String, similarity: Float, inliers: Int? = nil) {
        self.row = row
        self.label = label
        self.similarity = similarity
        self.inliers = inliers
    }
}

/// An image that shows no landmark, and how alike it is to the query.
public struct NonLandmarkNeighbor: Sendable, Hashable, Codable {
    /// The gallery's row, or the image's number.
    public var row: Int

    /// How alike it is to the query, on the scale of `RecognitionCandidate.similarity`.
    public var similarity: Float

    /// Correspondences that geometric verification confirmed; nil when the pair was not verified.
    public var inliers: Int?

    /// Makes a neighbour.
    public init(row: Int, similarity: Float, inliers: Int? = nil) {
        self.row = row
        self.similarity = similarity
        self.inliers = inliers
    }
}
