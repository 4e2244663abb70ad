import CairnCore
import Testing

@testable import CairnAlgebra

@Suite("Symmetric matrix")
struct SymmetricMatrixTests {
    @Test("eigenvectors rebuild the matrix, are orthonormal, and come with the largest value first")
    func eigendecomposition() throws {
        var noise = Noise(seed: 3)
        let n = 23
        let matrix = try SymmetricMatrix(values: (0..<n * n).map { _ in Double(noise.next()) }, order: n)
        let eigen = try matrix.eigendecomposition()
        #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
        for i in 0..<n {
            for j in 0..<n {
                let rebuilt = (0..<n).reduce(0.0) {
                    $0 + eigen.values[$1] * eigen.vectors[$1 * n + i] * eigen.vectors[$1 * n + j]
                }
                let product = (0..<n).reduce(0.0) { $0 + eigen.vectors[i * n + $1] * eigen.vectors[j * n + $1] }
                #expect(abs(rebuilt - matrix.values[i * n + j]) < 1e-12)
                #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
            }
            let row = eigen.vectors[i * n..<(i + 1) * n]
            #expect(row.max().map { $0 == row.reduce(0) { max($0, abs($1)) } } == true)
        }
    }

    @Test("two by two, by hand: the first of two equal components decides the sign")
    func byHand() throws {
        let eigen = try SymmetricMatrix(values: [2, 1, 1, 2], order: 2).eigendecomposition()
        let half = 0.5.squareRoot()
        for (found, expected) in zip(eigen.values + eigen.vectors, [3, 1, half, half, half, -half]) {
            #expect(abs(found - expected) < 1e-14)
        }
    }

    @Test("the Cholesky factor is lower triangular, and a singular matrix has none")
    func cholesky() throws {
        let matrix = try SymmetricMatrix(values: [4, 2, 2, 2, 5, 3, 2, 3, 6], order: 3)
        let factor = try #require(matrix.choleskyFactor(tolerance: 1e-10))
        let expected = [2, 0, 0, 1, 2, 0, 1, 1, 2.0]
        for (a, b) in zip(factor, expected) { #expect(abs(a - b) < 1e-14) }
        let singular = try SymmetricMatrix(values: [1, 1, 1, 1], order: 2)
        #expect(singular.choleskyFactor(tolerance: 1e-10) == nil)
        #expect(singular.shrunk(by: 0.1).choleskyFactor(tolerance: 1e-10) != nil)
    }

    @Test("shrinkage keeps the trace and moves towards the identity")
    func shrinkage() throws {
        let shrunk = try SymmetricMatrix(values: [3, 1, 1, 1], order: 2).shrunk(by: 0.5)
        #expect(shrunk.values == [2.5, 0.5, 0.5, 1.5])
    }

    @Test("wrong counts and what is not finite are refused")
    func refusals() {
        #expect(throws: AlgebraError.self) { try SymmetricMatrix(values: [1, 2], order: 2) }
        #expect(throws: AlgebraError.self) { try SymmetricMatrix(values: [], order: 0) }
        #expect(throws: AlgebraError.self) { try SymmetricMatrix(values: [1, .nan, 0, 1], order: 2) }
    }
}
