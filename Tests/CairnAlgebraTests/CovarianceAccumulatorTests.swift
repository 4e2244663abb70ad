import CairnCore
import Testing

@testable import CairnAlgebra

@Suite("Covariance accumulator")
struct CovarianceAccumulatorTests {
    @Test("rows in uneven blocks give the two-pass mean and covariance, also far from the origin")
    func blocks() throws {
        var noise = Noise(seed: 5)
        let (count, width) = (1300, 9)
        var rows = try noise.matrix(count, width)
        // An offset 1,000 times the spread: sums about the origin would lose six digits.
        rows = try DescriptorMatrix(values: rows.values.map { $0 + 1000 }, dimensions: width)
        var accumulator = try CovarianceAccumulator(dimensions: width)
        var start = 0
        for size in [1, 0, 700, 599] {
            try accumulator.add(rows.rows(at: start..<start + size))
            start += size
        }
        let mean = (0..<width).map { d in
            (0..<count).reduce(0.0) { $0 + Double(rows.values[$1 * width + d]) } / Double(count)
        }
        let covariance = try accumulator.covariance()
        #expect(accumulator.count == count)
        for i in 0..<width {
            #expect(abs(try accumulator.mean()[i] - mean[i]) < 1e-9)
            for j in 0..<width {
                let expected = (0..<count).reduce(0.0) {
                    $0 + (Double(rows.values[$1 * width + i]) - mean[i])
                        * (Double(rows.values[$1 * width + j]) - mean[j])
                }
                #expect(abs(covariance.values[i * width + j] - expected / Double(count)) < 1e-12)
            }
        }
    }

    @Test("the second moment about a point is the covariance and the offset's square")
    func secondMoment() throws {
        var accumulator = try CovarianceAccumulator(dimensions: 2)
        try accumulator.add(DescriptorMatrix(rows: [[1, 0], [3, 2]]))
        // About (0, 0): (1·1 + 3·3) / 2 = 5, (1·0 + 3·2) / 2 = 3, (0 + 4) / 2 = 2.
        #expect(try accumulator.secondMoment(about: [0, 0]).values == [5, 3, 3, 2])
        #expect(try accumulator.covariance().values == [1, 1, 1, 1])
    }

    @Test("a bad block is refused and changes nothing; without rows there is no mean")
    func refusals() throws {
        var accumulator = try CovarianceAccumulator(dimensions: 2)
        #expect(throws: AlgebraError.self) { try accumulator.mean() }
        #expect(throws: AlgebraError.self) { try accumulator.covariance() }
        #expect(throws: AlgebraError.self) { try accumulator.add(DescriptorMatrix(rows: [[1, 2], [.nan, 0]])) }
        #expect(throws: AlgebraError.self) { try accumulator.add(DescriptorMatrix(rows: [[1, 2, 3]])) }
        #expect(accumulator.count == 0)
        #expect(throws: AlgebraError.self) { try CovarianceAccumulator(dimensions: SymmetricMatrix.maximumOrder + 1) }
    }
}
