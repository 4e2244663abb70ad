internal import COpenBLAS

/// Mean and covariance of rows that arrive in blocks, in double precision and bounded memory.
///
/// Holds `dimensions²` doubles and one block of 512 rows, however many rows come: 33.5 MB and 8.4 MB for 2,048 dimensions.
/// Products are summed about the mean of the first block, so a mean that is large beside the spread costs no precision.
/// Each row takes `dimensions²` multiplications (DSYRK, on all of OpenBLAS's threads).
public struct CovarianceAccumulator: Sendable {
    /// The length of a row.
    public let dimensions: Int

    /// Rows seen.
    public private(set) var count = 0

    private static let blockRows = 512
    /// What is subtracted from every row before it is squared.
    private var origin: [Double] = []
    /// Σ (x - origin).
    private var sum: [Double]
    /// Lower triangle of Σ (x - origin)(x - origin)ᵀ.
    private var products: [Double]

    /// Starts without rows.
    ///
    /// - Throws: `AlgebraError` unless `dimensions` is in `1 ... SymmetricMatrix.maximumOrder`.
    public init(dimensions: Int) throws(AlgebraError) {
        guard (1...SymmetricMatrix.maximumOrder).contains(dimensions) else {
            throw AlgebraError(
                .limitExceeded,
                "a covariance may have 1 to \(SymmetricMatrix.maximumOrder) dimensions, not \(dimensions)")
        }
        self.dimensions = dimensions
        sum = [Double](repeating: 0, count: dimensions)
        products = [Double](repeating: 0, count: dimensions * dimensions)
    }

    /// Takes in all rows of a matrix, or none when it throws.
    ///
    /// - Throws: `AlgebraError` for rows of another length, or numbers that are not finite.
    public mutating func add(_ rows: DescriptorMatrix) throws(AlgebraError) {
        guard rows.dimensions == dimensions else {
            throw AlgebraError.dimensions("a block of rows", expected: dimensions, found: rows.dimensions)
        }
        try rows.requireFinite("a block of descriptors")
        let width = dimensions
        rows.values.withUnsafeBufferPointer { values in
            add(count: rows.count) { row, target in
                for column in 0..<width { target[column] = Double(values[row * width + column]) }
            }
        }
    }

    /// Takes in `count` rows that `fill` writes, one at a time, in ascending order, each finite.
    mutating func add(count rowCount: Int, fill: (Int, UnsafeMutableBufferPointer<Double>) -> Void) {
        guard rowCount > 0 else { return }
        let width = dimensions
        var block = [Double](repeating: 0, count: min(Self.blockRows, rowCount) * width)
        for start in stride(from: 0, to: rowCount, by: Self.blockRows) {
            let rows = min(Self.blockRows, rowCount - start)
            block.withUnsafeMutableBufferPointer { block in
                for row in 0..<rows {
                    fill(start + row, UnsafeMutableBufferPointer(rebasing: block[row * width..<(row + 1) * width]))
                }
                if origin.isEmpty { origin = columnSums(block, rows: rows).map { $0 / Double(rows) } }
                for row in 0..<rows {
                    for column in 0..<width { block[row * width + column] -= origin[column] }
                }
                for (column, value) in columnSums(block, rows: rows).enumerated() { sum[column] += value }
                cblas_dsyrk(
                    Int32(CAIRN_BLAS_ROW_MAJOR), Int32(CAIRN_BLAS_LOWER),
                    Int32(CAIRN_BLAS_TRANSPOSE), Int32(width), Int32(rows), 1, block.baseAddress,
                    Int32(width), 1, &products, Int32(width))
            }
            count += rows
        }
    }

    /// The mean of the rows seen.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) when there was none.
    public func mean() throws(AlgebraError) -> [Double] {
        guard count > 0 else { throw AlgebraError(.invalidArgument, "there are no descriptors to learn from") }
        return (0..<dimensions).map { origin[$0] + sum[$0] / Double(count) }
    }

    /// `Σ (x - mean)(x - mean)ᵀ / count`.
    ///
    /// - Throws: `AlgebraError` when there was no row, or when squares overflowed.
    public func covariance() throws(AlgebraError) -> SymmetricMatrix { try secondMoment(about: mean()) }

    /// `Σ (x - point)(x - point)ᵀ / count`, about any point.
    ///
    /// - Throws: as `covariance()`, and for a point of another length.
    public func secondMoment(about point: [Double]) throws(AlgebraError) -> SymmetricMatrix {
        guard point.count == dimensions else {
            throw AlgebraError.dimensions("the point", expected: dimensions, found: point.count)
        }
        let mean = try mean()
        var values = products
        let scale = 1 / Double(count)
        for row in 0..<dimensions {
            let (a, b) = (sum[row] * scale, mean[row] - point[row])
            for column in 0...row {
                let place = row * dimensions + column
                values[place] =
                    values[place] * scale - a * sum[column] * scale + b * (mean[column] - point[column])
            }
        }
        return try SymmetricMatrix(values: values, order: dimensions)
    }

    private func columnSums(_ block: UnsafeMutableBufferPointer<Double>, rows: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: dimensions)
        for row in 0..<rows {
            for column in 0..<dimensions { sums[column] += block[row * dimensions + column] }
        }
        return sums
    }
}
