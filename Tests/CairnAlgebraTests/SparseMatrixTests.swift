import CairnCore
import Testing

@testable import CairnAlgebra

@Suite("Sparse matrices")
struct SparseMatrixTests {
    /// A seeded matrix with some rows empty and some long, entries in no order.
    private func example(rows: Int, columns: Int) throws -> SparseMatrix {
        var noise = Noise(seed: 31)
        var (offsets, places, values) = ([0], [Int32](), [Float]())
        for row in 0..<rows {
            let count = row % 3 == 0 ? 0 : row % 7
            for entry in 0..<count {
                places.append(Int32((row * 13 + entry * 29) % columns))
                values.append(try noise.matrix(1, 1).values[0])
            }
            offsets.append(places.count)
        }
        return try SparseMatrix(
            rowCount: rows, columnCount: columns, rowOffsets: offsets, columns: places, values: values)
    }

    @Test("a product is that of the dense matrix, for blocks of any width and on any number of threads")
    func product() throws {
        let matrix = try example(rows: 101, columns: 67)
        var noise = Noise(seed: 32)
        for width in [1, 3, 4, 16, 31, 32, 61] {
            let block = try noise.matrix(67, width)
            let one = try matrix.multiplied(by: block.values, width: width)
            var expected = [Double](repeating: 0, count: 101 * width)
            for row in 0..<101 {
                for entry in matrix.rowOffsets[row]..<matrix.rowOffsets[row + 1] {
                    for column in 0..<width {
                        expected[row * width + column] +=
                            Double(matrix.values[entry])
                            * Double(block[Int(matrix.columns[entry])].dropFirst(column).first ?? 0)
                    }
                }
            }
            #expect(deviation(one, from: expected) < 1e-6)
            for threads in [2, 5, 200] {
                #expect(try matrix.multiplied(by: block.values, width: width, threads: threads) == one)
            }
        }
    }

    @Test("matrices without rows, columns or entries have products")
    func empty() throws {
        let none = try SparseMatrix(rowCount: 0, columnCount: 3, rowOffsets: [0], columns: [], values: [])
        #expect(try none.multiplied(by: [1, 2, 3]).isEmpty)
        let zero = try SparseMatrix(rowCount: 2, columnCount: 0, rowOffsets: [0, 0, 0], columns: [], values: [])
        #expect(try zero.multiplied(by: [], width: 2) == [0, 0, 0, 0])
    }

    @Test("what makes no matrix is refused")
    func refusals() {
        func refuses(_ offsets: [Int], _ columns: [Int32], _ values: [Float], rows: Int = 2, width: Int = 2) {
            #expect(throws: AlgebraError.self) {
                try SparseMatrix(
                    rowCount: rows, columnCount: width, rowOffsets: offsets, columns: columns, values: values)
            }
        }
        refuses([0, 1, 1], [2], [1])
        refuses([0, 1, 1], [-1], [1])
        refuses([0, 1, 1], [0], [.nan])
        refuses([0, 1, 2], [0], [1])
        refuses([0, 2, 1], [0], [1])
        refuses([1, 1, 1], [0], [1])
        refuses([0, 1], [0], [1])
        refuses([0, 1, 1], [0], [1, 2])
        refuses([0], [], [], rows: -1)
        refuses([0, 0, 0], [], [], width: -1)
    }
}
