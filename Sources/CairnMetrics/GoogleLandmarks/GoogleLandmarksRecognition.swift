/// Scores answers to "which landmark is it?" as Google Landmarks v2 and its Kaggle challenges do, over the ids of their
/// files.
///
///     GAP = (1/M) Σ_i P(i) rel(i)
///
/// - One list of all queries' answers, sorted by score, highest first, then by the query's id, then by landmark, ascending:
///   with one answer a query the landmark never decides. `P(i)` is the share of right ones among the first i.
/// - M counts the queries of the solution that show a landmark, answered or not.
/// - An answer is right where the solution lists its landmark; a query may show several. On a query that shows none every
///   answer is wrong, and takes a rank, unless such queries are ignored.
/// - Top-1 accuracy is the share of the M queries that were answered rightly, whatever the score.
///
/// Source: Weyand et al., CVPR 2020, equation 1; `GlobalAveragePrecision` and `Top1Accuracy` of `metrics.py` in DELF.
/// Deviation: without a single landmark in the solution the figures are 0, where that program divides by zero.
public struct GoogleLandmarksRecognition: Hashable, Sendable {
    /// The answer given to one query.
    public struct Prediction: Hashable, Sendable {
        /// The landmark's number in the data set.
        public var landmark: Int
        /// How sure the answer is: higher comes first. On any scale, but one for all queries.
        public var score: Double

        /// Makes an answer.
        public init(landmark: Int, score: Double) {
            self.landmark = landmark
            self.score = score
        }
    }

    /// GAP, in 0...1, and what it was counted from.
    public let globalAveragePrecision: GlobalAveragePrecision

    /// Top-1 accuracy, in 0...1.
    public let topOneAccuracy: Double

    /// Queries of the solution that show no landmark.
    public let queriesWithoutLandmark: Int

    /// Scores predictions. Queries that got no answer have no entry in `predictions`.
    ///
    /// Throws `invalidInput` for an answer to a query that the solution does not know, and for a score that is not a
    /// number. O(n log n).
    ///
    /// - Parameters:
    ///   - solution: for each query's id the landmarks it shows, none for a photo of something else.
    ///   - predictions: for each answered query's id the answer.
    ///   - ignoringQueriesWithoutLandmark: leaves out answers to queries that show none. The challenges do not.
    public init(
        solution: [String: Set<Int>], predictions: [String: Prediction], ignoringQueriesWithoutLandmark: Bool = false
    ) throws(MetricsError) {
        var answers: [(id: String, prediction: Prediction, isCorrect: Bool)] = []
        answers.reserveCapacity(predictions.count)
        // In order, so that of several wrong entries the same one is named every time.
        for id in predictions.keys.sorted() {
            guard let prediction = predictions[id] else { continue }
            guard let landmarks = solution[id] else {
                throw MetricsError(
                    .invalidInput,
                    "query \(id) has a prediction and is not in the solution: take the solution of the same set")
            }
            guard !prediction.score.isNaN else {
                throw MetricsError(
                    .invalidInput, "the score of query \(id) is not a number: give one, or leave the query out")
            }
            if ignoringQueriesWithoutLandmark && landmarks.isEmpty { continue }
            answers.append((id, prediction, landmarks.contains(prediction.landmark)))
        }
        let landmarkQueries = solution.values.count(where: { !$0.isEmpty })
        // Sorted by id by now, which is the order that equal scores keep.
        globalAveragePrecision = GlobalAveragePrecision(
            answers.lazy.map { .init(confidence: $0.prediction.score, isCorrect: $0.isCorrect) },
            landmarkQueries: landmarkQueries)
        topOneAccuracy =
            landmarkQueries == 0 ? 0 : Double(globalAveragePrecision.correct) / Double(landmarkQueries)
        queriesWithoutLandmark = solution.count - landmarkQueries
    }

    /// The figures under the names that papers print.
    public var figures: [MetricFigure] {
        [
            MetricFigure(name: "GAP", value: globalAveragePrecision.value),
            MetricFigure(name: "Acc@1", value: topOneAccuracy),
        ]
    }
}
