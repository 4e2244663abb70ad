import CairnCore
import Foundation
import Testing

@testable import CairnAlgebra

@Suite("Scale aggregation")
struct ScaleAggregationTests {
    @Test("average, sum and generalised mean are numpy's, for many images and for one")
    func parity() throws {
        let fixture: Fixture.Combinations = try Fixture.read("combination")
        let scales = try fixture.scales.map { try DescriptorMatrix(rows: $0) }
        let cases: [(ScaleAggregation, [[Double]])] = [
            (.average, fixture.average), (ScaleAggregation(method: .sum), fixture.sum),
            (.generalizedMean, fixture.generalizedMean),
            (ScaleAggregation(method: .generalizedMean, exponent: 1.7), fixture.generalizedMeanOf17Tenths),
        ]
        for (aggregation, expected) in cases {
            #expect(deviation(try aggregation.aggregate(scales).values, from: expected.joined()) < 1e-6)
            #expect(deviation(try aggregation.aggregate(fixture.scales.map { $0[2] }), from: expected[2]) < 1e-6)
        }
    }

    @Test("one scale is only brought to unit length")
    func single() throws {
        for method in ScaleAggregation.Method.allCases {
            let found = try ScaleAggregation(method: method).aggregate([[3, 0, 4]])
            #expect(deviation(found, from: [0.6, 0, 0.8]) < 1e-6)
        }
    }

    @Test("what has no aggregate is refused")
    func refusals() {
        let average = ScaleAggregation.average
        for scales: [[Float]] in [[], [[]], [[1, 2], [1]], [[1, .nan]], [[1, -1], [-1, 1]]] {
            #expect(throws: AlgebraError.self) { try average.aggregate(scales) }
        }
        #expect(throws: AlgebraError.self) { try ScaleAggregation.generalizedMean.aggregate([[1, -0.1]]) }
        #expect(throws: AlgebraError.self) {
            try ScaleAggregation(method: .generalizedMean, exponent: 0).aggregate([[1, 1]])
        }
        #expect(throws: UnknownSettingError.self) {
            try JSONDecoder().decode(ScaleAggregation.self, from: Data(#"{"p":3}"#.utf8))
        }
    }
}

@Suite("Descriptor ensemble")
struct DescriptorEnsembleTests {
    @Test("concatenations are numpy's, with weights and without, for many images and for one")
    func parity() throws {
        let fixture: Fixture.Combinations = try Fixture.read("combination")
        let models = try fixture.models.map { try DescriptorMatrix(rows: $0) }
        let weighted = DescriptorEnsemble(weights: fixture.weights)
        #expect(
            deviation(try DescriptorEnsemble.unweighted.combine(models).values, from: fixture.ensemble.joined()) < 1e-6)
        #expect(deviation(try weighted.combine(models).values, from: fixture.weighted.joined()) < 1e-6)
        #expect(deviation(try weighted.combine(fixture.models.map { $0[3] }), from: fixture.weighted[3]) < 1e-6)
    }

    @Test("an inner product is the mean of the models' cosines, weighted by squares")
    func cosines() throws {
        let ensemble = DescriptorEnsemble(weights: [1, 2])
        // Cosines 1 and 0.6: (1 · 1 + 4 · 0.6) / 5 = 0.68.
        let a = try ensemble.combine([[2, 0], [5, 0]])
        let b = try ensemble.combine([[7, 0], [3, 4]])
        #expect(abs(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } - 0.68) < 1e-6)
    }

    @Test("what cannot be combined is refused")
    func refusals() throws {
        #expect(throws: AlgebraError.self) { try DescriptorEnsemble().combine([[Float]]()) }
        #expect(throws: AlgebraError.self) { try DescriptorEnsemble().combine([[1, 0], [0, 0]]) }
        #expect(throws: AlgebraError.self) { try DescriptorEnsemble().combine([[1, .infinity]]) }
        for weights in [[1], [1, -1], [0, 0], [1, .nan]] {
            #expect(throws: AlgebraError.self) { try DescriptorEnsemble(weights: weights).combine([[1], [1]]) }
        }
        let (two, one) = (try DescriptorMatrix(rows: [[1], [2]]), try DescriptorMatrix(rows: [[1]]))
        #expect(throws: AlgebraError.self) { try DescriptorEnsemble().combine([two, one]) }
    }
}
