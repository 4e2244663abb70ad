import Foundation
import Testing

@testable import CairnRecognition

@Suite struct QuantileTransformTests {
    @Test("Quantile transforms are scikit-learn’s, with repeated values, one value, and values outside")
    func matchesScikitLearn() throws {
        let fixture: Fixture.Quantiles = try Fixture.read("quantiles")
        #expect(fixture.cases.count == 16)
        for test in fixture.cases {
            let transform = try QuantileTransform(
                fittedOn: test.values, output: test.output == "normal" ? .normal : .uniform, quantileCount: test.count)
            let worst = deviation(test.probes.map { transform($0) }, from: test.expected)
            #expect(worst < 1e-6, "\(test.name): \(worst)")
        }
    }

    @Test("Normal quantiles are scipy’s")
    func normalQuantiles() throws {
        let fixture: Fixture.Quantiles = try Fixture.read("quantiles")
        for (share, expected) in zip(fixture.shares, fixture.normal) {
            #expect(abs(NormalDistribution.quantile(share) - expected) < 1e-9 * max(1, abs(expected)), "\(share)")
        }
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
    }

    @Test("A transform survives being saved, and never decreases")
    func coding() throws {
        var noise = Noise(seed: 5)
        let transform = try QuantileTransform(fittedOn: (0..<500).map { _ in noise.uniform() }, output: .normal)
        let copy = try JSONDecoder().decode(QuantileTransform.self, from: JSONEncoder().encode(transform))
        #expect(copy == transform)
        let values = (0..<1000).map { transform(Double($0) / 900 - 0.05) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("Nothing to fit on, numbers that are not finite and descending quantiles are refused")
    func refusals() throws {
        #expect(throws: RecognitionError.self) { try QuantileTransform(fittedOn: []) }
        #expect(throws: RecognitionError.self) { try QuantileTransform(fittedOn: [0.1, .nan]) }
        #expect(throws: RecognitionError.self) { try QuantileTransform(quantiles: [1, 0], output: .uniform) }
        let text = Data(#"{"output": "uniform", "quantiles": [0, 1], "more": 1}"#.utf8)
        #expect(throws: (any Error).self) { try JSONDecoder().decode(QuantileTransform.self, from: text) }
    }
}
