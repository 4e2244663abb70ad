import CairnAlgebra
import CairnFormats
import Foundation

/// Descriptors in a file, `[count, dimensions]`: mapped where the file has them as memory would, so that a gallery larger than
/// memory can be searched; else copied.
///
/// Reads `.npy`, `.fvecs`, `.bvecs`, and one tensor of a `.safetensors` file.
public struct DescriptorFile: DescriptorRows {
    /// The file, and the tensor in it.
    public let name: String
    /// How many rows there are.
    public let count: Int
    /// The length of each row.
    public let dimensions: Int

    private let contents: Contents

    private enum Contents: Sendable {
        case mapped(NumericArray)
        case copied(DescriptorMatrix)
    }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - tensors: Names to look for in a `.safetensors` file, in this order.
    ///   - takesSole: Whether the one tensor of a file is it, whatever its name.
    ///   - normalizing: Brings rows to unit length, in memory. Rows of zeros stay.
    /// - Throws: `FormatError` when the file cannot be read, `EvaluationError` when it is no matrix, or its rows are of neither
    ///   length 1 nor zeros (of the first thousand, unless they are brought to it).
    public init(contentsOf path: String, tensors: [String], takesSole: Bool = true, normalizing: Bool) throws {
        let array: NumericArray
        switch (path as NSString).pathExtension.lowercased() {
        case "safetensors":
            let file = try SafetensorsFile(contentsOf: path)
            let found =
                tensors.first { file.names.contains($0) }
                ?? (takesSole && file.names.count == 1 ? file.names.first : nil)
            guard let found else {
                throw EvaluationError(
                    .invalidInput,
                    "\(path) has the tensors \(file.names.sorted().prefix(8).joined(separator: ", ")), none of which is named \(tensors.joined(separator: " or "))"
                )
            }
            name = "\(path) (\(found))"
            array = try file.array(named: found)
        case "fvecs", "bvecs":
            name = path
            array = try VectorFile.read(contentsOf: path)
        default:
            name = path
            array = try NPYFile.read(contentsOf: path)
        }
        guard array.shape.count == 2, (1...DescriptorMatrix.maximumDimensions).contains(array.shape[1]) else {
            throw EvaluationError(
                .invalidInput, "\(name) has the shape \(array.shape); descriptors are [count, dimensions]")
        }
        (count, dimensions) = (array.shape[0], array.shape[1])
        if !normalizing, Self.canBeMapped(array) {
            contents = .mapped(array)
        } else {
            var matrix = try DescriptorMatrix(values: array.floats(), dimensions: dimensions)
            if normalizing { _ = matrix.normalizeRows() }
            contents = .copied(matrix)
        }
        try requireUnitLength()
    }

    /// All rows in memory.
    public func matrix() throws -> DescriptorMatrix {
        switch contents {
        case .mapped(let array): try DescriptorMatrix(values: array.floats(), dimensions: dimensions)
        case .copied(let matrix): matrix
        }
    }

    /// Calls `body` with consecutive rows; where the file is mapped, with the mapping itself.
    public func withRows<Result>(
        _ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) throws(AlgebraError) -> Result
    ) throws(AlgebraError) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows \(range) of \(count)")
        switch contents {
        case .copied(let matrix): return try matrix.withRows(range, body)
        case .mapped(let array):
            let result = try array.withUnsafeBytes { (bytes) throws(AlgebraError) in
                let numbers = bytes.bindMemory(to: Float.self)
                let part = numbers[range.lowerBound * dimensions..<range.upperBound * dimensions]
                return try body(UnsafeBufferPointer(rebasing: part))
            }
            guard let result else { preconditionFailure("\(name) was mapped though it is not contiguous") }
            return result
        }
    }

    private static func canBeMapped(_ array: NumericArray) -> Bool {
        guard array.elementType == .float32, array.count > 0 else { return false }
        return array.withUnsafeBytes { bytes in
            bytes.baseAddress.map { UInt(bitPattern: $0) % UInt(MemoryLayout<Float>.alignment) == 0 } ?? false
        } ?? false
    }

    private func requireUnitLength() throws {
        try withRows(0..<min(count, 1000)) { (values) throws(AlgebraError) in
            for row in 0..<min(count, 1000) {
                let squares = (0..<dimensions).reduce(into: Float(0)) { sum, column in
                    let value = values[row * dimensions + column]
                    sum += value * value
                }
                guard squares.isFinite else {
                    throw AlgebraError(
                        .invalidInput, "row \(row) of \(name) holds NaN or infinity; extract that descriptor again")
                }
                guard squares == 0 || abs(squares.squareRoot() - 1) <= 1e-2 else {
                    throw AlgebraError(
                        .invalidInput,
                        "row \(row) of \(name) has the length \(squares.squareRoot()), not 1, and similarity is the inner product; bring rows to unit length (--normalize)"
                    )
                }
            }
        }
    }
}
