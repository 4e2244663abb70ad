import Foundation
import Testing

@testable import CairnRecognition

@Suite struct RejectionThresholdTests {
    @Test("The conformal threshold is the ⌈(n + 1)(1 - α)⌉-th smallest negative")
    func orderStatistic() throws {
        let negatives = (1...99).map(Double.init).shuffled()
        let threshold = try RejectionThreshold(negatives: negatives, falseAcceptRate: 0.05)
        #expect(threshold.threshold == 95)
        #expect(threshold.acceptedNegatives == 4)
        #expect(threshold.guaranteedRate == 0.05)
        #expect(threshold.isGuaranteed)
        #expect(!threshold.accepts(95))
        #expect(threshold.accepts(95.5))
    }

    @Test("The empirical threshold is the smallest with at most the asked share above it")
    func empirical() throws {
        let negatives = (1...100).map(Double.init)
        let threshold = try RejectionThreshold(negatives: negatives, falseAcceptRate: 0.05, rule: .empirical)
        #expect(threshold.threshold == 95)
        #expect(threshold.observedRate == 0.05)
        #expect(!threshold.isGuaranteed)
        let exact = try RejectionThreshold(
            negatives: (1...300).map(Double.init), falseAcceptRate: 0.01, rule: .empirical)
        #expect(exact.threshold == 297)
    }

    @Test("Too few negatives: the largest is taken, and what is promised is said")
    func fewNegatives() throws {
        let threshold = try RejectionThreshold(negatives: [0.3, 0.1, 0.2], falseAcceptRate: 0.01)
        #expect(threshold.threshold == 0.3)
        #expect(threshold.guaranteedRate == 0.25)
        #expect(!threshold.isGuaranteed)
        #expect(threshold.negativesNeeded == 99)
        #expect(threshold.resolution == 1.0 / 3)
        #expect(threshold.summary.contains("99 negatives are needed"))
        let enough = try RejectionThreshold(negatives: (0..<99).map(Double.init), falseAcceptRate: 0.01)
        #expect(enough.isGuaranteed)
    }

    @Test(
        "On new queries the mean rate reached is at or below the rate asked",
        arguments: [(19, 0.05), (50, 0.1), (250, 0.01)])
    func promise(count: Int, rate: Double) throws {
        var noise = Noise(seed: UInt64(count))
        let trials = 3000
        var sum = 0.0
        for _ in 0..<trials {
            // The share of new uniform scores above a threshold is 1 - threshold: no second sample is needed.
            let negatives = (0..<count).map { _ in noise.uniform() }
            sum += 1 - (try RejectionThreshold(negatives: negatives, falseAcceptRate: rate)).threshold
        }
        let allowed = (Double(count + 1) * rate + 1e-9).rounded(.down)
        let expected = allowed / Double(count + 1)
        #expect(expected <= rate + 1e-9)
        // Three standard errors of a Beta(allowed, n + 1 - allowed) mean.
        let error = 3 * (expected * (1 - expected) / Double(count + 2) / Double(trials)).squareRoot()
        #expect(abs(sum / Double(trials) - expected) < error)
    }

    @Test("Ties are not accepted, and queries that found nothing count as negatives")
    func ties() throws {
        let threshold = try RejectionThreshold(negatives: [Double](repeating: 0.5, count: 200), falseAcceptRate: 0.1)
        #expect(threshold.acceptedNegatives == 0)
        let nothing = try RejectionThreshold(
            negatives: [Double](repeating: -.infinity, count: 200), falseAcceptRate: 0.1)
        #expect(nothing.accepts(-1e300))
        let copy = try JSONDecoder().decode(RejectionThreshold.self, from: JSONEncoder().encode(nothing))
        #expect(copy == nothing)
    }

    @Test("No negatives, NaN, and rates outside 0...1 are refused")
    func refusals() throws {
        #expect(throws: RecognitionError.self) { try RejectionThreshold(negatives: [], falseAcceptRate: 0.01) }
        #expect(throws: RecognitionError.self) { try RejectionThreshold(negatives: [.nan], falseAcceptRate: 0.01) }
        for rate in [0, 1, -0.1, .nan] {
            #expect(throws: RecognitionError.self) { try RejectionThreshold(negatives: [1], falseAcceptRate: rate) }
        }
        let extreme = try RejectionThreshold(negatives: [1, 2], falseAcceptRate: 1.0.nextDown)
        #expect(extreme.threshold == 1)
    }
}
