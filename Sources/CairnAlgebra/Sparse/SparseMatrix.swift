import CairnCore
import Dispatch

/// A sparse matrix in compressed rows (CSR): float32 values, 32-bit columns.
///
/// The entries of row `r` lie at `rowOffsets[r] ..< rowOffsets[r + 1]` of `columns` and `values`, in any order of columns;
/// entries of one place add up. Memory: 8 bytes an entry and 8 a row.
public struct SparseMatrix: Sendable, Equatable {
    /// How many rows there are.
    public let rowCount: Int

    /// How many columns there are.
    public let columnCount: Int

    /// Where each row's entries begin, and where the last one's end: `rowCount + 1` numbers.
    public let rowOffsets: [Int]

    /// The column of each entry.
    public let columns: [Int32]

    /// The value of each entry.
    public let values: [Float]

    /// How many entries are stored.
    public var entryCount: Int { values.count }

    /// Takes entries row by row. Linear in rows and entries.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) for negative sizes, offsets that do not ascend from 0 to the number of
    ///   entries, a column that is none, or a value that is not finite.
    public init(
        rowCount: Int, columnCount: Int, rowOffsets: [Int], columns: [Int32], values: [Float]
    ) throws(AlgebraError) {
        let sizes = 0...Int(Int32.max)
        guard sizes.contains(rowCount), sizes.contains(columnCount) else {
            throw AlgebraError(
                .invalidArgument,
                "a sparse matrix may have 0 to \(Int32.max) rows and columns, not \(rowCount) x \(columnCount)")
        }
        guard columns.count == values.count, rowOffsets.count == rowCount + 1 else {
            throw AlgebraError(
                .invalidArgument,
                "\(rowOffsets.count) offsets, \(columns.count) columns and \(values.count) values make no sparse matrix of "
                    + "\(rowCount) rows; there must be \(rowCount + 1) offsets, and a column for each value")
        }
        guard rowOffsets[0] == 0, rowOffsets[rowCount] == values.count,
            zip(rowOffsets, rowOffsets.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
            throw AlgebraError(
                .invalidArgument, "row offsets must ascend from 0 to the number of entries, \(values.count)")
        }
        if let entry = columns.firstIndex(where: { $0 < 0 || Int($0) >= columnCount }) {
            throw AlgebraError(
                .invalidArgument, "entry \(entry) is in column \(columns[entry]) of a matrix of \(columnCount) columns")
        }
        if let entry = values.firstIndex(where: { !$0.isFinite }) {
            throw AlgebraError(.invalidArgument, "entry \(entry) of a sparse matrix is \(values[entry])")
        }
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.rowOffsets = rowOffsets
        self.columns = columns
        self.values = values
    }

    /// The product with `width` columns at once: `target = self · block`.
    ///
    /// The block is `[columnCount, width]` and the target `[rowCount, width]`, both row-major and apart from each other. An
    /// entry is loaded once for 16 columns, so a block of 16 or 32 costs little more than one column. Each number is summed in
    /// float32 in the order of its row's entries, on any number of threads.
    ///
    /// - Complexity: `2 * entryCount * width` operations.
    public func multiply(
        _ block: UnsafeBufferPointer<Float>, width: Int, into target: UnsafeMutableBufferPointer<Float>, threads: Int
    ) {
        precondition(width >= 1 && threads >= 1, "a block of \(width) columns on \(threads) threads")
        precondition(block.count == columnCount * width, "\(block.count) numbers for \(columnCount) x \(width)")
        precondition(target.count == rowCount * width, "\(target.count) places for \(rowCount) x \(width)")
        guard rowCount > 0 else { return }
        // A block without rows has no address, and no entry reads it.
        guard let source = block.baseAddress, let result = target.baseAddress else {
            target.update(repeating: 0)
            return
        }
        rowOffsets.withUnsafeBufferPointer { offsets in
            columns.withUnsafeBufferPointer { columns in
                values.withUnsafeBufferPointer { values in
                    let product = SparseProduct(
                        offsets: offsets, columns: columns, values: values, source: source, target: result, width: width
                    )
                    // Parts of about as many entries, each a run of rows.
                    let parts = min(threads, rowCount)
                    var bounds = [0]
                    for part in 1...parts { bounds.append(product.row(atWork: part, of: parts)) }
                    guard parts > 1 else { return product.multiply(rows: 0..<rowCount) }
                    DispatchQueue.concurrentPerform(iterations: parts) { [bounds] part in
                        product.multiply(rows: bounds[part]..<bounds[part + 1])
                    }
                }
            }
        }
    }

    /// The product with one vector or with the columns of a row-major block `[columnCount, width]`.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) for a block of another size.
    public func multiplied(by block: [Float], width: Int = 1, threads: Int = 1) throws(AlgebraError) -> [Float] {
        guard width >= 1, threads >= 1, block.count == columnCount * width else {
            throw AlgebraError(
                .invalidArgument,
                "a sparse matrix of \(columnCount) columns cannot be multiplied by \(block.count) numbers as \(width) columns "
                    + "on \(threads) threads")
        }
        var product = [Float](repeating: 0, count: rowCount * width)
        block.withUnsafeBufferPointer { block in
            product.withUnsafeMutableBufferPointer { multiply(block, width: width, into: $0, threads: threads) }
        }
        return product
    }
}
