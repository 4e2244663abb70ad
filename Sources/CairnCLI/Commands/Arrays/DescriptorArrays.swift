import CairnAlgebra
import CairnCore
import CairnFormats
import CairnRerank
import CairnTerminal
import Foundation

/// Descriptors in a file: one a row, or several regions a row.
struct DescriptorArrays {
    /// The file, for messages.
    let path: String
    /// `[count, dimensions]`; where the file has regions, their sums at unit length.
    var descriptors: DescriptorMatrix
    /// The regions, where the file has such.
    var regions: RegionalDescriptors?

    /// Reads `.npy`, `[count, dimensions]` or `[count, regions, dimensions]`, or `.fvecs`; all numbers must be finite.
    ///
    /// - Parameters:
    ///   - normalizing: Brings rows to unit length; rows of zeros stay.
    ///   - emptyDimensions: The length of rows where there are none and the file does not tell.
    init(contentsOf path: String, normalizing: Bool, emptyDimensions: Int = 1) throws {
        let isVectorFile = ["fvecs", "bvecs"].contains((path as NSString).pathExtension.lowercased())
        let array = isVectorFile ? try VectorFile.read(contentsOf: path) : try NPYFile.read(contentsOf: path)
        let shape = array.shape
        guard shape.count == 2 || shape.count == 3 else {
            throw CommandError(
                kind: .invalidInput,
                message:
                    "\(path) has the shape \(shape); descriptors are [count, dimensions], or [count, regions, dimensions]"
            )
        }
        let dimensions = shape[0] == 0 && shape[shape.count - 1] == 0 ? emptyDimensions : shape[shape.count - 1]
        guard (1...DescriptorMatrix.maximumDimensions).contains(dimensions), shape.count == 2 || shape[1] > 0 else {
            throw CommandError(
                kind: .invalidInput,
                message:
                    "\(path) has the shape \(shape); a descriptor has 1 to \(DescriptorMatrix.maximumDimensions) dimensions"
            )
        }
        self.path = path
        var rows = try DescriptorMatrix(values: array.floats(), dimensions: dimensions)
        try rows.requireFinite(path)
        if normalizing {
            let zeros = rows.normalizeRows()
            if let first = zeros.first {
                Console.note("\(path): \(zeros.count) rows of zeros stay zeros, row \(first) the first")
            }
        } else if let wrong = Self.notUnit(rows) {
            Console.note(
                "\(path): row \(wrong.row) has the length \(wrong.length), not 1, and similarity is the inner product; --normalize brings all rows to unit length"
            )
        }
        guard shape.count == 3 else {
            descriptors = rows
            return
        }
        regions = try RegionalDescriptors(descriptors: rows, regionsPerImage: shape[1])
        descriptors = try Self.sums(of: rows, regionsPerImage: shape[1])
    }

    /// The first row that is neither of unit length, to 0.1 %, nor of zeros.
    private static func notUnit(_ rows: DescriptorMatrix) -> (row: Int, length: Float)? {
        for row in 0..<rows.count {
            let length = rows[row].reduce(0) { $0 + $1 * $1 }.squareRoot()
            if length != 0, abs(length - 1) > 1e-3 { return (row, length) }
        }
        return nil
    }

    private static func sums(of rows: DescriptorMatrix, regionsPerImage: Int) throws -> DescriptorMatrix {
        var sums = try DescriptorMatrix(dimensions: rows.dimensions)
        for first in stride(from: 0, to: rows.count, by: regionsPerImage) {
            var sum = [Float](repeating: 0, count: rows.dimensions)
            for row in first..<first + regionsPerImage {
                for (column, value) in rows[row].enumerated() { sum[column] += value }
            }
            try sums.append(sum)
        }
        _ = sums.normalizeRows()
        return sums
    }
}
