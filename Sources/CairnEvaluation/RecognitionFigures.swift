import CairnMetrics
import CairnRecognition

/// How well labels are recognised: GAP, and what a threshold does.
public struct RecognitionFigures: Sendable, Hashable, Codable {
    /// Global average precision over all queries' best labels, by probability where there is one.
    public var globalAveragePrecision: Double
    /// The share of landmark queries whose best label is right, accepted or not.
    public var accuracy: Double
    /// The share of landmark queries that were accepted with the right label.
    public var recognized: Double
    /// The share of landmark queries that were accepted with a wrong one.
    public var confused: Double
    /// The share of queries of no landmark that were accepted.
    public var falseAcceptRate: Double
    /// Queries that show a landmark.
    public var landmarkQueries: Int
    /// Queries that show none.
    public var nonLandmarkQueries: Int

    enum CodingKeys: String, CodingKey {
        case globalAveragePrecision = "GAP"
        case accuracy, recognized, confused
        case falseAcceptRate = "false_accepts"
        case landmarkQueries = "landmark_queries"
        case nonLandmarkQueries = "non_landmark_queries"
    }

    /// Scores recognitions of queries whose answers are known, in the same order.
    ///
    /// - Parameter confidence: What GAP sorts by.
    public init(
        _ recognitions: [Recognition], of queries: [LabelledEvidence],
        confidence: (Recognition) -> Double? = { $0.probability ?? $0.score }
    ) {
        precondition(recognitions.count == queries.count, "\(recognitions.count) answers to \(queries.count) queries")
        var predictions: [GlobalAveragePrecision.Prediction] = []
        var counts = (right: 0, recognized: 0, confused: 0, accepted: 0, landmarks: 0)
        for (recognition, query) in zip(recognitions, queries) {
            let isLandmark = query.truth != .nonLandmark
            let isRight = recognition.best.map { query.isCorrect($0.label) } ?? false
            if let confidence = confidence(recognition), recognition.best != nil {
                predictions.append(GlobalAveragePrecision.Prediction(confidence: confidence, isCorrect: isRight))
            }
            if isLandmark {
                counts.landmarks += 1
                if isRight { counts.right += 1 }
                if recognition.label != nil {
                    if isRight { counts.recognized += 1 } else { counts.confused += 1 }
                }
            } else if recognition.label != nil {
                counts.accepted += 1
            }
        }
        landmarkQueries = counts.landmarks
        nonLandmarkQueries = queries.count - counts.landmarks
        globalAveragePrecision = GlobalAveragePrecision(predictions, landmarkQueries: counts.landmarks).value
        func share(_ count: Int, of total: Int) -> Double { total == 0 ? 0 : Double(count) / Double(total) }
        accuracy = share(counts.right, of: landmarkQueries)
        recognized = share(counts.recognized, of: landmarkQueries)
        confused = share(counts.confused, of: landmarkQueries)
        falseAcceptRate = share(counts.accepted, of: nonLandmarkQueries)
    }
}

extension ThresholdCurve {
    /// What thresholds on confidence do to recognitions of queries whose answers are known, in the same order.
    ///
    /// - Parameter confidence: What a threshold is on.
    public init(
        _ recognitions: [Recognition], of queries: [LabelledEvidence],
        confidence: (Recognition) -> Double? = { $0.probability ?? $0.score }
    ) {
        precondition(recognitions.count == queries.count, "\(recognitions.count) answers to \(queries.count) queries")
        self.init(
            zip(recognitions, queries).map { recognition, query in
                Answer(
                    confidence: recognition.best == nil ? nil : confidence(recognition),
                    isLandmark: query.truth != .nonLandmark,
                    isCorrect: recognition.best.map { query.isCorrect($0.label) } ?? false)
            })
    }
}
