import CairnCore
import CairnMetrics
import Testing

/// The cases of `metrics_test.py` of DELF's google_landmarks_dataset (tensorflow/models, Apache-2.0). Its numbers have six
/// decimals; beside each stands the fraction, worked out by hand.
@Suite struct GoogleLandmarksTests {
    private typealias Prediction = GoogleLandmarksRecognition.Prediction

    private let recognitionSolution: [String: Set<Int>] = [
        "0123456789abcdef": [0, 12], "0223456789abcdef": [100, 200, 300], "0323456789abcdef": [1],
        "0423456789abcdef": [],
        "0523456789abcdef": [],
    ]
    private let recognitionPredictions: [String: Prediction] = [
        "0223456789abcdef": Prediction(landmark: 0, score: 0.01),
        "0323456789abcdef": Prediction(landmark: 1, score: 10),
        "0423456789abcdef": Prediction(landmark: 150, score: 15),
    ]
    private let retrievalSolution: [String: Set<String>] = [
        "0123456789abcdef": ["fedcba9876543210", "fedcba9876543220"],
        "0223456789abcdef": ["fedcba9876543210"],
        "0323456789abcdef": ["fedcba9876543230", "fedcba9876543240", "fedcba9876543250"],
        "0423456789abcdef": ["fedcba9876543230"],
    ]
    private let retrievalPredictions: [String: [String]] = [
        "0223456789abcdef": ["fedcba9876543200", "fedcba9876543210"],
        "0323456789abcdef": ["fedcba9876543240"],
        "0423456789abcdef": ["fedcba9876543230", "fedcba9876543240"],
    ]

    private func expect(_ value: Double, printed: Double, exact: Double) {
        #expect(abs(value - printed) < 1e-6)
        #expect(abs(value - exact) < 1e-9)
    }

    @Test("global average precision and accuracy of the public scorer's cases come out the same")
    func recognition() throws {
        // Three queries show a landmark. The surest answer is on a photo without one; the right answer comes second.
        let all = try GoogleLandmarksRecognition(solution: recognitionSolution, predictions: recognitionPredictions)
        expect(all.globalAveragePrecision.value, printed: 0.166667, exact: 1.0 / 2 / 3)
        expect(all.topOneAccuracy, printed: 0.333333, exact: 1.0 / 3)
        #expect(all.queriesWithoutLandmark == 2)
        #expect(all.figures.map(\.name) == ["GAP", "Acc@1"])
        let ignoring = try GoogleLandmarksRecognition(
            solution: recognitionSolution, predictions: recognitionPredictions, ignoringQueriesWithoutLandmark: true)
        expect(ignoring.globalAveragePrecision.value, printed: 0.333333, exact: 1.0 / 3)
    }

    @Test("mean average precision, precisions and positions of the public scorer's cases come out the same")
    func retrieval() throws {
        let scores = try GoogleLandmarksRetrieval(solution: retrievalSolution, predictions: retrievalPredictions)
        // The first query was not predicted; then AP 1/2, 1/3 and 1.
        expect(scores.meanAveragePrecision(), printed: 0.458333, exact: (1.0 / 2 + 1.0 / 3 + 1) / 4)
        expect(scores.meanAveragePrecision(at: 1), printed: 0.5, exact: 2.0 / 4)
        let precisions = scores.meanPrecisions(through: 2)
        #expect(precisions.count == 2)
        expect(precisions[0], printed: 0.5, exact: 2.0 / 4)
        expect(precisions[1], printed: 0.375, exact: (1.0 / 2 + 1.0 / 2 + 1.0 / 2) / 4)
        // First hits at 101 (none), 2, 1 and 1; at 2 (none), 2 (none), 1 and 1.
        let position = scores.firstHitPosition()
        expect(position.mean, printed: 26.25, exact: 105.0 / 4)
        expect(position.median, printed: 1.5, exact: 1.5)
        let first = scores.firstHitPosition(through: 1)
        expect(first.mean, printed: 1.5, exact: 6.0 / 4)
        expect(first.median, printed: 1.5, exact: 1.5)
    }

    @Test("the protocol's mAP@100 is the scorer's, with an empty ranking for a query that was not predicted")
    func asProtocol() throws {
        let scores = try GoogleLandmarksRetrieval(solution: retrievalSolution, predictions: retrievalPredictions)
        let figures = RetrievalProtocol.googleLandmarks.figures(scores.lists)
        #expect(figures == [MetricFigure(name: "mAP@100", value: scores.meanAveragePrecision())])
        #expect(scores.lists.count == 4)
        #expect(scores.lists[0] == RelevanceList(hitRanks: [], positiveCount: 2, length: 0))
    }

    @Test("equal scores are taken by rising id, whatever the dictionary's order")
    func ties() throws {
        let solution: [String: Set<Int>] = ["a": [1], "b": [2], "c": [3]]
        let rightFirst = ["c": Prediction(landmark: 0, score: 5), "a": Prediction(landmark: 1, score: 5)]
        let wrongFirst = ["c": Prediction(landmark: 3, score: 5), "a": Prediction(landmark: 0, score: 5)]
        let first = try GoogleLandmarksRecognition(solution: solution, predictions: rightFirst)
        let second = try GoogleLandmarksRecognition(solution: solution, predictions: wrongFirst)
        #expect(abs(first.globalAveragePrecision.value - 1.0 / 3) < 1e-15)
        #expect(abs(second.globalAveragePrecision.value - 1.0 / 6) < 1e-15)
    }

    @Test("an image predicted twice counts once and keeps its second rank occupied")
    func duplicates() throws {
        let scores = try GoogleLandmarksRetrieval(solution: ["q": ["a", "b"]], predictions: ["q": ["a", "a", "b"]])
        #expect(abs(scores.meanAveragePrecision() - (1 + 2.0 / 3) / 2) < 1e-15)
    }

    @Test("a prediction of a query that the solution does not know, and a score that is no number, are refused by name")
    func refused() {
        let unknown = #expect(throws: MetricsError.self) {
            try GoogleLandmarksRecognition(
                solution: recognitionSolution, predictions: ["ffff": Prediction(landmark: 1, score: 1)])
        }
        #expect(unknown?.kind == .invalidInput)
        #expect(unknown?.message.contains("ffff") == true)
        let noNumber = #expect(throws: MetricsError.self) {
            try GoogleLandmarksRecognition(
                solution: ["q": [1]], predictions: ["q": Prediction(landmark: 1, score: .nan)])
        }
        #expect(noNumber?.message.contains("query q") == true)
        let retrieval = #expect(throws: MetricsError.self) {
            try GoogleLandmarksRetrieval(solution: retrievalSolution, predictions: ["ffff": []])
        }
        #expect(retrieval?.message.contains("ffff") == true)
    }

    @Test("without landmarks, predictions or queries every figure is 0")
    func nothing() throws {
        let none = try GoogleLandmarksRecognition(
            solution: ["q": []], predictions: ["q": Prediction(landmark: 1, score: 1)])
        #expect(none.figures.map(\.value) == [0, 0])
        let empty = try GoogleLandmarksRetrieval(solution: [:], predictions: [:])
        #expect(empty.meanAveragePrecision() == 0)
        #expect(empty.meanPrecisions(through: 3) == [0, 0, 0])
        #expect(empty.firstHitPosition() == FirstHitPosition([], through: 5))
        #expect(empty.firstHitPosition().median == 0)
    }
}
