import CairnCore
import Testing

@testable import CairnAlgebra

@Suite("Descriptor matrix")
struct DescriptorMatrixTests {
    @Test("a product with a transpose is every inner product, row by row")
    func product() throws {
        var noise = Noise(seed: 1)
        let (left, right) = (try noise.matrix(37, 21), try noise.matrix(18, 21))
        let product = try left.multipliedByTranspose(of: right)
        var expected: [Double] = []
        for i in 0..<37 {
            for j in 0..<18 { expected.append(zip(left[i], right[j]).reduce(0) { $0 + Double($1.0) * Double($1.1) }) }
        }
        #expect(product.count == 37 && product.dimensions == 18)
        #expect(deviation(product.values, from: expected) < 1e-5)
    }

    @Test("rows come out as they went in, selected in the order asked")
    func rows() throws {
        var matrix = try DescriptorMatrix(rows: [[1, 2], [3, 4]])
        try matrix.append([5, 6])
        #expect(matrix.count == 3 && Array(matrix[1]) == [3, 4])
        #expect(try matrix.rows(at: [2, 0, 2]).values == [5, 6, 1, 2, 5, 6])
    }

    @Test("normalising divides by the norm, and flags rows of zeros without touching them")
    func normalisation() throws {
        var matrix = try DescriptorMatrix(rows: [[3, 4], [0, 0], [0, -2]])
        #expect(throws: AlgebraError.self) { try matrix.normalized() }
        #expect(matrix.normalizeRows() == [1])
        #expect(matrix.values == [0.6, 0.8, 0, 0, 0, -1])
        // Squares beyond the range of float32 are no obstacle.
        let extremes = try DescriptorMatrix(rows: [[3e30, 4e30], [3e-30, 4e-30]]).normalized()
        #expect(deviation(extremes.values, from: [0.6, 0.8, 0.6, 0.8]) < 1e-6)
    }

    @Test("what is not finite is found wherever it is, and named")
    func finiteness() throws {
        for bad in [Float.nan, .infinity, -.infinity] {
            var values = [Float](repeating: 1, count: 60)
            values[47] = bad
            let matrix = try DescriptorMatrix(values: values, dimensions: 10)
            let error = #expect(throws: AlgebraError.self) { try matrix.requireFinite() }
            #expect(error?.kind == .invalidInput && error?.message.contains("row 4") == true)
        }
        try DescriptorMatrix(rows: [[.greatestFiniteMagnitude, -.greatestFiniteMagnitude]]).requireFinite()
    }

    @Test("sizes that do not fit are refused")
    func refusals() throws {
        let matrix = try DescriptorMatrix(rows: [[1, 2]])
        #expect(throws: AlgebraError.self) { try DescriptorMatrix(values: [1, 2, 3], dimensions: 2) }
        #expect(throws: AlgebraError.self) { try DescriptorMatrix(dimensions: 0) }
        #expect(throws: AlgebraError.self) { try DescriptorMatrix(rows: []) }
        #expect(throws: AlgebraError.self) { try DescriptorMatrix(rows: [[1, 2], [3]]) }
        #expect(throws: AlgebraError.self) { try matrix.rows(at: [1]) }
        #expect(throws: AlgebraError.self) { try matrix.multipliedByTranspose(of: DescriptorMatrix(rows: [[1]])) }
    }

    @Test("the library says what it is, and takes a number of threads")
    func library() {
        #expect(OpenBLAS.configuration.contains("OpenBLAS"))
        let before = OpenBLAS.threadCount
        #expect(before >= 1)
        OpenBLAS.setThreadCount(before)
        #expect(OpenBLAS.threadCount == before)
    }
}
