/// Global average precision (GAP), also called micro average precision (µAP): one list of all queries' predictions, sorted by
/// confidence, scored as one ranking.
///
/// `GAP = (1/M) Σ P(i)·rel(i)`: `P(i)` is the share of right ones among the first i predictions, `rel(i)` whether the i-th is
/// right, and M counts the queries that do show a landmark, predicted or not. A confident prediction on a photo without a
/// landmark costs all that come after it; a query without a prediction only its own part. Google Landmarks recognition is
/// scored so (Weyand et al., CVPR 2020, equation 1; Perronnin et al., CVPR 2009, section 4).
///
/// Equal confidences: they are taken in the order of the predictions given, as the public scorer does, which sorts by query
/// name before. Give predictions in a fixed order, and the figure is the same every time.
public struct GlobalAveragePrecision: Hashable, Sendable {
    /// What was said about one query that got an answer.
    public struct Prediction: Hashable, Sendable {
        /// How sure the answer is: higher comes first. On any scale, but one for all queries.
        public var confidence: Double

        /// Whether the query shows a landmark and this is its label.
        public var isCorrect: Bool

        /// Makes a prediction.
        public init(confidence: Double, isCorrect: Bool) {
            self.confidence = confidence
            self.isCorrect = isCorrect
        }
    }

    /// The figure, in 0...1; 0 when no query shows a landmark.
    public let value: Double

    /// M: the queries that show a landmark.
    public let landmarkQueries: Int

    /// How many queries got an answer.
    public let predictions: Int

    /// How many answers were right.
    public let correct: Int

    /// Scores the answers given. Queries answered "none" are left out of `predictions`, but count in `landmarkQueries`
    /// where they do show one.
    ///
    /// O(n log n). Traps on a confidence that is not a number, and when more answers are right than there are landmarks.
    public init(_ predictions: some Sequence<Prediction>, landmarkQueries: Int) {
        let ranking = predictions.enumerated().sorted { left, right in
            if left.element.confidence != right.element.confidence {
                return left.element.confidence > right.element.confidence
            }
            return left.offset < right.offset
        }
        var correct = 0
        var sum = 0.0
        for (rank, (place, prediction)) in ranking.enumerated() {
            precondition(!prediction.confidence.isNaN, "the confidence of prediction \(place) is not a number")
            guard prediction.isCorrect else { continue }
            correct += 1
            sum += Double(correct) / Double(rank + 1)
        }
        precondition(correct <= landmarkQueries, "\(correct) right answers for \(landmarkQueries) landmarks")
        value = landmarkQueries == 0 ? 0 : sum / Double(landmarkQueries)
        self.landmarkQueries = landmarkQueries
        self.predictions = ranking.count
        self.correct = correct
    }
}
