import CairnCore
import Foundation
import Testing

@testable import CairnAlgebra

@Suite("PCA whitening")
struct PCAWhiteningTests {
    private func fixture() throws -> (DescriptorMatrix, Fixture.Whitenings) {
        let fixture: Fixture.Whitenings = try Fixture.read("whitening")
        return (try DescriptorMatrix(rows: fixture.descriptors), fixture)
    }

    @Test("mean, projection and outputs are numpy's, signs included")
    func parity() throws {
        let (descriptors, fixture) = try fixture()
        let cases: [(PCAWhitening, Fixture.Case)] = [
            (PCAWhitening(outputDimensions: 8), fixture.pca),
            (PCAWhitening(outputDimensions: 5, power: 0.25), fixture.pcaPower),
            (PCAWhitening(shrinkage: 0.1), fixture.pcaShrunk),
        ]
        for (learner, expected) in cases {
            let whitening = try learner.learn(from: descriptors, modelDigest: "m")
            #expect(deviation(whitening.mean, from: expected.mean) < 1e-5)
            #expect(deviation(whitening.projection.values, from: expected.projection.joined()) < 1e-5)
            let output = try whitening.apply(to: descriptors.rows(at: 0..<10))
            #expect(deviation(output.values, from: expected.output.joined()) < 1e-5)
        }
    }

    @Test("scikit-learn's PCA(whiten=True) agrees up to signs")
    func scikitLearn() throws {
        let (descriptors, fixture) = try fixture()
        let whitening = try PCAWhitening(outputDimensions: 6, normalizesOutput: false)
            .learn(from: descriptors, modelDigest: "m")
        let output = try whitening.apply(to: descriptors.rows(at: 0..<10))
        for column in 0..<6 {
            let found = (0..<10).map { output.values[$0 * 6 + column] }
            let expected = fixture.sklearn.map { $0[column] }
            let same = (0..<10).reduce(0.0) { $0 + Double(found[$1]) * expected[$1] } > 0
            #expect(deviation(found, from: expected.map { same ? $0 : -$0 }) < 1e-5)
        }
    }

    @Test("whitened descriptors have the identity for a covariance")
    func identity() throws {
        let (descriptors, _) = try fixture()
        let whitening = try PCAWhitening(normalizesOutput: false).learn(from: descriptors, modelDigest: "m")
        var statistics = try CovarianceAccumulator(dimensions: 12)
        try statistics.add(whitening.apply(to: descriptors))
        let covariance = try statistics.covariance().values.map { Float($0) }
        #expect(deviation(covariance, from: (0..<144).map { $0.isMultiple(of: 13) ? 1.0 : 0 }) < 1e-4)
    }

    @Test("a rotation keeps all inner products")
    func rotation() throws {
        let (descriptors, _) = try fixture()
        var learner = PCAWhitening.rotation
        learner.normalizesOutput = false
        let rotated = try learner.learn(from: descriptors, modelDigest: "m").apply(to: descriptors)
        func distance(_ matrix: DescriptorMatrix, _ i: Int, _ j: Int) -> Float {
            zip(matrix[i], matrix[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        for i in 1..<120 { #expect(abs(distance(rotated, 0, i) - distance(descriptors, 0, i)) < 1e-5) }
    }

    @Test("fewer descriptors than dimensions are refused, and learned from with shrinkage as numpy does")
    func fewRows() throws {
        let (descriptors, fixture) = try fixture()
        let few = try descriptors.rows(at: 0..<7)
        let error = #expect(throws: AlgebraError.self) { try PCAWhitening().learn(from: few, modelDigest: "m") }
        #expect(error?.kind == .invalidArgument && error?.message.contains("6 directions") == true)
        // Six directions can be had.
        #expect(try PCAWhitening(outputDimensions: 6).learn(from: few, modelDigest: "m").outputDimensions == 6)
        // Beyond the six all eigenvalues are equal, and so any basis is as good: compare the six.
        let whitening = try PCAWhitening(shrinkage: 0.05).learn(from: few, modelDigest: "m")
        #expect(whitening.outputDimensions == 12)
        let expected = fixture.pcaFewRows.projection[..<6].joined()
        #expect(deviation(whitening.projection.values[..<72], from: expected) < 1e-5)
    }

    @Test("a constant dimension is one direction less")
    func constantDimension() throws {
        var noise = Noise(seed: 9)
        let rows = (0..<50).map { _ in [noise.next(), 0.3, noise.next()] }
        let matrix = try DescriptorMatrix(rows: rows)
        let error = #expect(throws: AlgebraError.self) { try PCAWhitening().learn(from: matrix, modelDigest: "m") }
        #expect(error?.message.contains("2 directions") == true)
        let whitening = try PCAWhitening(outputDimensions: 2).learn(from: matrix, modelDigest: "m")
        #expect((0..<2).allSatisfy { abs(whitening.projection.values[$0 * 3 + 1]) < 1e-6 })
    }

    @Test("one row, equal rows, no rows and rows that are not finite are refused")
    func degenerate() throws {
        let learner = PCAWhitening(outputDimensions: 1)
        for rows: [[Float]] in [
            [[1, 2]], [[1, 2], [1, 2], [1, 2]], [[1, 2], [.nan, 3]], [[1, 2], [3, .infinity]],
        ] {
            #expect(throws: AlgebraError.self) {
                try learner.learn(from: DescriptorMatrix(rows: rows), modelDigest: "m")
            }
            if rows.joined().allSatisfy(\.isFinite) {
                #expect(throws: AlgebraError.self) {
                    try PCAWhitening(shrinkage: 0.5).learn(from: DescriptorMatrix(rows: rows), modelDigest: "m")
                }
            }
        }
        #expect(throws: AlgebraError.self) {
            try learner.learn(from: DescriptorMatrix(dimensions: 2), modelDigest: "m")
        }
    }

    @Test("settings out of range are refused, and so are unknown keys")
    func settings() throws {
        let (descriptors, _) = try fixture()
        for learner in [
            PCAWhitening(outputDimensions: 0), PCAWhitening(outputDimensions: 13), PCAWhitening(power: -0.1),
            PCAWhitening(power: .nan), PCAWhitening(shrinkage: 1.5), PCAWhitening(rankTolerance: -1),
        ] {
            #expect(throws: AlgebraError.self) { try learner.learn(from: descriptors, modelDigest: "m") }
        }
        let decoder = JSONDecoder()
        #expect(try decoder.decode(PCAWhitening.self, from: Data(#"{"power":0.25}"#.utf8)) == PCAWhitening(power: 0.25))
        #expect(throws: UnknownSettingError.self) {
            try decoder.decode(PCAWhitening.self, from: Data(#"{"powr":0.25}"#.utf8))
        }
    }
}
