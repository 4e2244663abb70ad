import Foundation
import Testing

@testable import CairnRecognition

@Suite struct ProbabilityCalibrationTests {
    @Test("Isotonic regression is scikit-learn’s")
    func isotonic() throws {
        let fixture: Fixture.Calibration = try Fixture.read("calibration")
        let curve = try IsotonicRegression(x: fixture.scores, y: fixture.correct.map { $0 ? 1 : 0 })
        #expect(deviation(fixture.probes.map { curve($0) }, from: fixture.isotonic) < 1e-9)
    }

    @Test("Platt scaling reaches the minimum that scipy finds")
    func platt() throws {
        let fixture: Fixture.Calibration = try Fixture.read("calibration")
        let curve = try LogisticRegression(scores: fixture.scores, correct: fixture.correct)
        #expect(abs(curve.slope - fixture.slope) < 1e-5)
        #expect(abs(curve.intercept - fixture.intercept) < 1e-5)
    }

    @Test(
        "Probabilities grow strictly with the score and are never 0 or 1",
        arguments: ProbabilityCalibration.Method.allCases)
    func strictness(method: ProbabilityCalibration.Method) throws {
        let fixture: Fixture.Calibration = try Fixture.read("calibration")
        let calibration = try ProbabilityCalibration(scores: fixture.scores, correct: fixture.correct, method: method)
        let values = (0...2000).map { calibration(Double($0) / 1000 - 0.5) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
        let copy = try JSONDecoder().decode(ProbabilityCalibration.self, from: JSONEncoder().encode(calibration))
        #expect(copy == calibration)
    }

    @Test("All right, all wrong, all scores equal, one score, and scores that mislead still give a rising curve")
    func degenerate() throws {
        let cases: [([Double], [Bool])] = [
            ([0.2, 0.5, 0.9], [true, true, true]), ([0.2, 0.5, 0.9], [false, false, false]),
            ([0.4, 0.4, 0.4, 0.4], [true, false, true, true]), ([0.7], [true]),
            ([0.1, 0.2, 0.8, 0.9], [true, true, false, false]),
        ]
        for (scores, correct) in cases {
            for method in ProbabilityCalibration.Method.allCases {
                let calibration = try ProbabilityCalibration(scores: scores, correct: correct, method: method)
                let values = [0.0, 0.3, 0.6, 1].map { calibration($0) }
                #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "\(scores) \(correct) \(method)")
                #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
            }
        }
        // Equal scores: the softened share of right ones, (N₊ · (N₊+1)/(N₊+2) + N₋ · 1/(N₋+2)) / N.
        let equal = try ProbabilityCalibration(scores: [0.4, 0.4, 0.4, 0.4], correct: [true, false, true, true])
        #expect(abs(equal(0.4) - (3 * 4.0 / 5 + 1.0 / 3) / 4) < 1e-3)
    }

    @Test("On many samples probabilities are shares: of answers given 0.7, seven of ten are right")
    func reliability() throws {
        var noise = Noise(seed: 11)
        func sample(_ count: Int) -> ([Double], [Bool]) {
            let scores = (0..<count).map { _ in noise.uniform() }
            // Neither logistic nor linear.
            return (scores, scores.map { noise.uniform() < $0 * $0 })
        }
        let (scores, correct) = sample(4000)
        let calibration = try ProbabilityCalibration(scores: scores, correct: correct)
        #expect(calibration.isotonic != nil)
        let (newScores, newCorrect) = sample(4000)
        let probabilities = newScores.map { calibration($0) }
        for bin in 0..<5 {
            let members = probabilities.indices.filter { Int(probabilities[$0] * 5) == bin }
            let share = Double(members.count(where: { newCorrect[$0] })) / Double(members.count)
            let mean = members.reduce(0) { $0 + probabilities[$1] } / Double(members.count)
            #expect(abs(share - mean) < 0.06, "bin \(bin): \(share) for \(mean)")
        }
    }

    @Test("No scores, and scores that are not finite, are refused")
    func refusals() throws {
        #expect(throws: RecognitionError.self) { try ProbabilityCalibration(scores: [], correct: []) }
        #expect(throws: RecognitionError.self) {
            try ProbabilityCalibration(scores: [0.1, .infinity], correct: [true, false])
        }
        #expect(throws: RecognitionError.self) { try ProbabilityCalibration(scores: [0.1], correct: [true, false]) }
    }
}
