import CairnCore
import Testing

@testable import CairnAlgebra

@Suite("Learned whitening")
struct LearnedWhiteningTests {
    private let pairs = (0..<60).map { LearnedWhitening.Pair(query: $0, positive: $0 + 60) }

    private func fixture() throws -> (DescriptorMatrix, Fixture.Whitenings) {
        let fixture: Fixture.Whitenings = try Fixture.read("whitening")
        return (try DescriptorMatrix(rows: fixture.descriptors), fixture)
    }

    @Test("mean, projection and outputs are numpy's, signs included")
    func parity() throws {
        let (descriptors, fixture) = try fixture()
        let cases: [(LearnedWhitening, ArraySlice<LearnedWhitening.Pair>, Fixture.Case)] = [
            (.published, pairs[...], fixture.learned),
            (LearnedWhitening(outputDimensions: 5), pairs[...], fixture.learnedReduced),
            (LearnedWhitening(outputDimensions: 7, shrinkage: 0.02), pairs[..<6], fixture.learnedShrunk),
        ]
        for (learner, pairs, expected) in cases {
            let whitening = try learner.learn(from: descriptors, pairs: Array(pairs), modelDigest: "m")
            #expect(deviation(whitening.mean, from: expected.mean) < 1e-5)
            #expect(deviation(whitening.projection.values, from: expected.projection.joined()) < 1e-5)
            let output = try whitening.apply(to: descriptors.rows(at: 0..<10))
            #expect(deviation(output.values, from: expected.output.joined()) < 1e-5)
            #expect(whitening.origin.method == .learned && whitening.origin.pairCount == pairs.count)
        }
    }

    @Test("differences within pairs become white")
    func whitensPairs() throws {
        let (descriptors, _) = try fixture()
        let whitening = try LearnedWhitening(normalizesOutput: false)
            .learn(from: descriptors, pairs: pairs, modelDigest: "m")
        let output = try whitening.apply(to: descriptors)
        let differences = try DescriptorMatrix(
            rows: pairs.map { zip(output[$0.query], output[$0.positive]).map { $0 - $1 } })
        var statistics = try CovarianceAccumulator(dimensions: 12)
        try statistics.add(differences)
        let moment = try statistics.secondMoment(about: [Double](repeating: 0, count: 12)).values.map { Float($0) }
        #expect(deviation(moment, from: (0..<144).map { $0.isMultiple(of: 13) ? 1.0 : 0 }) < 1e-4)
    }

    @Test("too few pairs, equal pairs and a dimension without differences are refused")
    func singular() throws {
        let (descriptors, _) = try fixture()
        func learn(_ pairs: [LearnedWhitening.Pair], _ learner: LearnedWhitening = .published) throws {
            _ = try learner.learn(from: descriptors, pairs: pairs, modelDigest: "m")
        }
        #expect(throws: AlgebraError.self) { try learn(Array(pairs[..<11])) }
        #expect(throws: AlgebraError.self) { try learn(Array(repeating: pairs[0], count: 100)) }
        try learn(Array(pairs[..<11]), LearnedWhitening(shrinkage: 0.01))
        let constant = try DescriptorMatrix(rows: (0..<120).map { [Float($0 % 7), Float($0 % 11), 2] })
        #expect(throws: AlgebraError.self) {
            try LearnedWhitening().learn(from: constant, pairs: pairs, modelDigest: "m")
        }
    }

    @Test("pairs that name no rows, or one row twice, are refused")
    func badPairs() throws {
        let (descriptors, _) = try fixture()
        for pair in [(0, 120), (-1, 3), (5, 5)] {
            #expect(throws: AlgebraError.self) {
                try LearnedWhitening().learn(
                    from: descriptors, pairs: pairs + [.init(query: pair.0, positive: pair.1)], modelDigest: "m")
            }
        }
        #expect(throws: AlgebraError.self) {
            try LearnedWhitening().learn(from: descriptors, pairs: [], modelDigest: "m")
        }
    }
}
