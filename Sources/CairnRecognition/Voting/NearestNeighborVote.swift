/// A label scores as its nearest candidate: the label of the most similar image wins.
public struct NearestNeighborVote: LabelVote {
    /// Makes the vote.
    public init() {}

    /// The largest strength.
    public func score(_ strengths: [Double]) -> Double { strengths.first ?? 0 }
}
