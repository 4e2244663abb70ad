import CairnMetrics
import Testing

@Suite struct GlobalAveragePrecisionTests {
    private func gap(_ flags: [Bool], landmarks: Int) -> GlobalAveragePrecision {
        // The first is the most confident.
        GlobalAveragePrecision(
            flags.enumerated().map { .init(confidence: 1 - Double($0) / 10, isCorrect: $1) }, landmarkQueries: landmarks
        )
    }

    @Test("Right, wrong, right, wrong, right is (1 + 2/3 + 3/5) / 5")
    func workedExample() {
        let score = gap([true, false, true, false, true], landmarks: 5)
        #expect(abs(score.value - (1 + 2.0 / 3 + 0.6) / 5) < 1e-12)
        #expect(score.correct == 3)
        #expect(score.predictions == 5)
    }

    @Test("An answer on a photo without a landmark costs those after it, and M counts landmarks without an answer")
    func publicScorersCase() {
        // Three landmark queries, one unanswered; answers: 15.0 on a photo without a landmark, 10.0 right, 0.01 wrong.
        let answers: [GlobalAveragePrecision.Prediction] = [
            .init(confidence: 0.01, isCorrect: false), .init(confidence: 10, isCorrect: true),
            .init(confidence: 15, isCorrect: false),
        ]
        #expect(abs(GlobalAveragePrecision(answers, landmarkQueries: 3).value - 1.0 / 6) < 1e-12)
        #expect(abs(GlobalAveragePrecision(answers.dropLast(), landmarkQueries: 3).value - 1.0 / 3) < 1e-12)
    }

    @Test("Equal confidences are taken in the order given")
    func ties() {
        let right = GlobalAveragePrecision.Prediction(confidence: 0.5, isCorrect: true)
        let wrong = GlobalAveragePrecision.Prediction(confidence: 0.5, isCorrect: false)
        #expect(GlobalAveragePrecision([right, wrong], landmarkQueries: 1).value == 1)
        #expect(GlobalAveragePrecision([wrong, right], landmarkQueries: 1).value == 0.5)
    }

    @Test("No answers, and no landmarks, score 0; all right scores 1")
    func limits() {
        #expect(GlobalAveragePrecision([], landmarkQueries: 4).value == 0)
        #expect(GlobalAveragePrecision([], landmarkQueries: 0).value == 0)
        #expect(gap([false, false], landmarks: 0).value == 0)
        #expect(gap([true, true, true], landmarks: 3).value == 1)
        #expect(gap([true], landmarks: 2).value == 0.5)
    }

    @Test("One ranking of one query set is the average precision of that ranking")
    func agreesWithAveragePrecision() {
        var state: UInt64 = 7
        for _ in 0..<50 {
            let flags = (0..<40).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return state >> 62 == 0
            }
            let hits = flags.count(where: { $0 })
            let shuffled = flags.enumerated().map {
                GlobalAveragePrecision.Prediction(confidence: -Double($0), isCorrect: $1)
            }.reversed()
            let expected = RelevanceList(relevance: flags, positiveCount: hits + 3).averagePrecision
            #expect(abs(GlobalAveragePrecision(Array(shuffled), landmarkQueries: hits + 3).value - expected) < 1e-12)
        }
    }
}
