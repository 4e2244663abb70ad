/// Scores retrieval predictions as Google Landmarks v2 and its Kaggle challenges do, over the ids of their files.
///
/// What counts is said at `RetrievalProtocol.googleLandmarks`. Beside mAP@100 the data set's program prints mean precisions
/// and where the first right image comes. Source: `MeanAveragePrecision`, `MeanPrecisions` and `MeanMedianPosition` of
/// `metrics.py` in DELF.
public struct GoogleLandmarksRetrieval: Sendable {
    /// Every query of the solution, by ascending id; those without a prediction have an empty ranking.
    public let lists: [RelevanceList]

    /// Judges predictions, best first, by the solution's gallery images of each query.
    ///
    /// Throws `invalidInput` for a prediction of a query that the solution does not know. O(predicted images).
    public init(solution: [String: Set<String>], predictions: [String: [String]]) throws(MetricsError) {
        if let stranger = predictions.keys.filter({ solution[$0] == nil }).min() {
            throw MetricsError(
                .invalidInput,
                "query \(stranger) has a prediction and is not in the solution: take the solution of the same set")
        }
        lists = solution.sorted { $0.key < $1.key }.map { id, positives in
            RelevanceList(ranking: predictions[id] ?? [], positives: positives)
        }
    }

    /// mAP@k; the data set's k is 100.
    public func meanAveragePrecision(at k: Int = 100) -> Double { lists.meanAveragePrecision(at: k) }

    /// The mean precision at each rank from 1 to k; a rank past a prediction's end is wrong.
    public func meanPrecisions(through k: Int = 100) -> [Double] { lists.meanPrecisions(through: k) }

    /// Where the first right image comes, among the first k.
    public func firstHitPosition(through k: Int = 100) -> FirstHitPosition { FirstHitPosition(lists, through: k) }
}
