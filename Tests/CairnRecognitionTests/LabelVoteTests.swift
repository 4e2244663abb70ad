import Foundation
import Testing

@testable import CairnRecognition

@Suite struct LabelVoteTests {
    private let candidates = [
        RecognitionCandidate(row: 4, label: "tower", similarity: 0.9, inliers: 0),
        RecognitionCandidate(row: 2, label: "gate", similarity: 0.85, inliers: 70),
        RecognitionCandidate(row: 7, label: "gate", similarity: 0.84),
        RecognitionCandidate(row: 1, label: "gate", similarity: -0.5),
    ]

    @Test("The nearest neighbour wins its vote; two near ones win the soft vote")
    func handComputed() throws {
        let nearest = NearestNeighborVote().rank(candidates)
        #expect(nearest.map(\.label) == ["tower", "gate"])
        #expect(nearest.map(\.rows) == [[4], [2, 7, 1]])
        let soft = try SoftVoting().rank(candidates)
        #expect(soft.map(\.label) == ["gate", "tower"])
        let expected: [Double] = [pow(0.85, 8) + pow(0.84, 8), pow(0.9, 8)]
        #expect(deviation(soft.map(\.score), from: expected) < 1e-6)
        let roots = try SoftVoting().strength(ofScore: soft[1].score)
        #expect(abs(roots - 0.9) < 1e-6)
    }

    @Test("The first five of all may vote, or the five of each label")
    func pool() throws {
        let many = (0..<8).map {
            RecognitionCandidate(row: $0, label: $0 < 5 ? "a" : "b", similarity: 0.9 - Float($0) / 100)
        }
        #expect(try SoftVoting(pool: 5).rank(many).map(\.label) == ["a"])
        #expect(try SoftVoting().rank(many).map(\.label) == ["a", "b"])
        let two = try SoftVoting(count: 2, power: 1).rank(many)
        #expect(abs(two[0].score - 1.79) < 1e-6)
    }

    @Test("Class aggregation takes the largest, the mean or the sum")
    func aggregation() throws {
        #expect(try ClassAggregation(.maximum).score([0.5, 0.3, 0.1]) == 0.5)
        #expect(try ClassAggregation(.mean, count: 2).score([0.5, 0.3, 0.1]) == 0.4)
        #expect(try ClassAggregation(.sum, count: nil).score([0.5, 0.25, 0.125]) == 0.875)
        for form in ClassAggregation.Form.allCases { #expect(try ClassAggregation(form).score([]) == 0) }
        #expect(NearestNeighborVote().score([]) == 0)
        #expect(try SoftVoting().score([]) == 0)
        #expect(NearestNeighborVote().rank([]).isEmpty)
    }

    @Test("Equal scores: the label of the lower row is first, in whatever order candidates come")
    func ties() throws {
        let equal = [("c", 5), ("a", 9), ("b", 3)].map { RecognitionCandidate(row: $1, label: $0, similarity: 0.7) }
        for order in [equal, equal.reversed()] {
            let evidence = try RecognitionEvidence(candidates: order)
            #expect(evidence.candidates.map(\.row) == [3, 5, 9])
            #expect(NearestNeighborVote().rank(order).map(\.label) == ["b", "c", "a"])
            #expect(try SoftVoting().rank(order).map(\.label) == ["b", "c", "a"])
        }
    }

    @Test("Inliers up to the cap are added to the similarity, or multiply it")
    func geometry() throws {
        let add = try GeometricEvidence()
        #expect(add.strength(similarity: 0.5, inliers: 7) == 0.7)
        #expect(add.strength(similarity: 0.5, inliers: 700) == 1.5)
        #expect(add.strength(similarity: 0.5, inliers: nil) == 0.5)
        let multiply = try GeometricEvidence(cap: 10, form: .multiply)
        #expect(multiply.strength(similarity: 0.5, inliers: 5) == 0.25)
        #expect(multiply.strength(similarity: 0.5, inliers: nil) == 0)
        #expect(GeometricEvidence.order(candidates).map(\.row) == [2, 4, 7, 1])
    }

    @Test("Suppression takes off the mean similarity of the nearest non-landmarks")
    func suppression() throws {
        let subtract = try NonLandmarkSuppression(count: 2)
        #expect(subtract.penalty([0.1, 0.5, 0.3]) == 0.4)
        #expect(subtract.penalty([0.5]) == 0.5)
        #expect(subtract.penalty([]) == 0)
        #expect(subtract.penalty([-0.5]) == 0)
        #expect(subtract.suppressed(0.75, penalty: 0.5) == 0.25)
        let scale = try NonLandmarkSuppression(weight: 0.5, form: .scale)
        #expect(scale.suppressed(0.8, penalty: 0.5) == 0.6000000000000001)
        #expect(try NonLandmarkSuppression(weight: 10, form: .scale).suppressed(0.8, penalty: 0.5) == 0)
    }

    @Test("Settings out of range are refused")
    func refusals() throws {
        #expect(throws: RecognitionError.self) { try SoftVoting(count: 0) }
        #expect(throws: RecognitionError.self) { try SoftVoting(power: 0.5) }
        #expect(throws: RecognitionError.self) { try SoftVoting(power: .nan) }
        #expect(throws: RecognitionError.self) { try ClassAggregation(.sum, count: 0) }
        #expect(throws: RecognitionError.self) { try NonLandmarkSuppression(count: 0) }
        #expect(throws: RecognitionError.self) { try NonLandmarkSuppression(weight: .nan) }
        #expect(throws: RecognitionError.self) { try GeometricEvidence(cap: 0) }
        #expect(throws: RecognitionError.self) {
            try RecognitionEvidence(candidates: [.init(row: 1, label: "a", similarity: .nan)])
        }
        #expect(throws: RecognitionError.self) {
            try RecognitionEvidence(
                candidates: [.init(row: 1, label: "a", similarity: 0.5)], nonLandmarks: [.init(row: 1, similarity: 0.5)]
            )
        }
    }
}
