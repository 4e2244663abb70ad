/// Descriptors of equal length, one a row: float32, row-major, `[count, dimensions]`, rows without padding.
public struct DescriptorMatrix: Sendable, Equatable {
    /// The length of each row.
    public let dimensions: Int

    /// The rows, one behind the other: `count * dimensions` numbers.
    public internal(set) var values: [Float]

    /// How many rows there are.
    public var count: Int { values.count / dimensions }

    /// More than any network has; keeps every product within the 32-bit sizes of BLAS.
    public static let maximumDimensions = 1 << 16

    /// A matrix without rows, to append to.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) unless `dimensions` is in `1 ... maximumDimensions`.
    public init(dimensions: Int) throws(AlgebraError) {
        try self.init(values: [], dimensions: dimensions)
    }

    /// Takes rows that lie one behind the other.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) when the numbers do not make whole rows.
    public init(values: [Float], dimensions: Int) throws(AlgebraError) {
        guard (1...Self.maximumDimensions).contains(dimensions) else {
            throw AlgebraError(
                .invalidArgument, "a descriptor may have 1 to \(Self.maximumDimensions) dimensions, not \(dimensions)")
        }
        guard values.count.isMultiple(of: dimensions) else {
            throw AlgebraError(.invalidArgument, "\(values.count) numbers are no whole rows of \(dimensions)")
        }
        self.dimensions = dimensions
        self.values = values
    }

    /// Copies rows of equal length.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) when there is no row, or when lengths differ.
    public init(rows: [[Float]]) throws(AlgebraError) {
        guard let first = rows.first else {
            throw AlgebraError(.invalidArgument, "no rows were given, so their length is not known")
        }
        try self.init(dimensions: first.count)
        values.reserveCapacity(rows.count * dimensions)
        for row in rows { try append(row) }
    }

    /// Rows of zeros, to be filled; for sizes already checked.
    init(zeros count: Int, dimensions: Int) {
        self.dimensions = dimensions
        values = [Float](repeating: 0, count: count * dimensions)
    }

    /// Row `index`; an index outside `0 ..< count` traps.
    public subscript(index: Int) -> ArraySlice<Float> {
        precondition((0..<count).contains(index), "row \(index) of \(count)")
        return values[index * dimensions..<(index + 1) * dimensions]
    }

    /// Adds a row at the end.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) when its length differs.
    public mutating func append(_ row: some Collection<Float>) throws(AlgebraError) {
        guard row.count == dimensions else {
            throw AlgebraError.dimensions("row \(count)", expected: dimensions, found: row.count)
        }
        values.append(contentsOf: row)
    }

    /// A copy of some rows, in the order given, repeats allowed.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) for an index that is no row.
    public func rows(at indices: some Collection<Int>) throws(AlgebraError) -> DescriptorMatrix {
        var selected: [Float] = []
        selected.reserveCapacity(indices.count * dimensions)
        for index in indices {
            guard (0..<count).contains(index) else {
                throw AlgebraError(.invalidArgument, "there is no row \(index): the matrix has \(count)")
            }
            selected.append(contentsOf: self[index])
        }
        return try DescriptorMatrix(values: selected, dimensions: dimensions)
    }

    /// Checks that no number is infinite or not a number. Linear in the numbers.
    ///
    /// - Throws: `AlgebraError` (`invalidInput`) naming the first bad row.
    public func requireFinite(_ name: String = "the matrix") throws(AlgebraError) {
        try values.withUnsafeBufferPointer { (values) throws(AlgebraError) in
            try AlgebraError.requireFinite(values, firstRow: 0, dimensions: dimensions, name)
        }
    }
}
