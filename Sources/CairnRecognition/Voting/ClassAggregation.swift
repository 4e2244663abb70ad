/// Class-level aggregation: a label scores the largest, the mean or the sum of its best candidates' strengths.
///
/// The sum over the first results is what the public baseline of Google Landmark Recognition 2020 predicts with. For the
/// aggregation of descriptors instead of scores see `LabelledGallery.centroids()`.
public struct ClassAggregation: LabelVote {
    /// How strengths become one score.
    public enum Form: String, Sendable, Codable, CaseIterable {
        /// The largest.
        case maximum
        /// The mean of those there are, at most `count`: many vague images do not help.
        case mean
        /// The sum: images of a label add up.
        case sum
    }

    /// How strengths become one score.
    public let form: Form

    /// How many candidates of a label count; nil for all.
    public let count: Int?

    /// Makes the aggregation.
    ///
    /// - Throws: `RecognitionError` (`invalidArgument`) for a count below 1.
    public init(_ form: Form, count: Int? = 5) throws(RecognitionError) {
        guard (count ?? 1) >= 1 else {
            throw RecognitionError(.invalidArgument, "an aggregation needs at least 1 candidate, not \(count ?? 0)")
        }
        self.form = form
        self.count = count
    }

    /// The aggregate of the first `count`; 0 without any.
    public func score(_ strengths: [Double]) -> Double {
        guard let best = strengths.first else { return 0 }
        let counted = strengths.prefix(count ?? strengths.count)
        switch form {
        case .maximum: return best
        case .mean: return counted.reduce(0, +) / Double(counted.count)
        case .sum: return counted.reduce(0, +)
        }
    }
}
