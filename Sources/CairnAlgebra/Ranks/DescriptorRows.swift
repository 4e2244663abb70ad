/// Descriptors of equal length that lie one behind the other, in memory or in a file that is mapped into it: float32, row-major,
/// `[count, dimensions]`.
///
/// Searches read them in ranges, the same ones again and again and from many threads at once. What is mapped should hand out
/// the mapping itself: `NearestRows` asks for a whole gallery in one range, of which it then reads what it needs. What has to
/// copy may do so where only short ranges are asked for: `TargetRanks`, and queries everywhere.
public protocol DescriptorRows: Sendable {
    /// How many rows there are.
    var count: Int { get }

    /// The length of each row, in `1 ... DescriptorMatrix.maximumDimensions`.
    var dimensions: Int { get }

    /// Calls `body` with the numbers of consecutive rows, `range.count * dimensions` of them, valid during the call only.
    ///
    /// - Parameter range: Within `0 ..< count`; anything else may trap.
    /// - Throws: What `body` throws, or an error of its own where rows cannot be read.
    func withRows<Result>(
        _ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) throws(AlgebraError) -> Result
    ) throws(AlgebraError) -> Result
}

extension DescriptorMatrix: DescriptorRows {
    /// Calls `body` with consecutive rows, without a copy.
    public func withRows<Result>(
        _ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) throws(AlgebraError) -> Result
    ) throws(AlgebraError) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows \(range) of \(count)")
        return try values.withUnsafeBufferPointer { (values) throws(AlgebraError) in
            try body(
                UnsafeBufferPointer(rebasing: values[range.lowerBound * dimensions..<range.upperBound * dimensions]))
        }
    }
}

extension DescriptorRows {
    /// Rows that are looked at together where the answer does not depend on how many.
    private static var checkedRows: Int { 4096 }

    /// Calls `body` with all rows in ranges of at most `length`, in ascending order, and each range's first row.
    func forEachRange(
        of length: Int, _ body: (_ first: Int, _ rows: UnsafeBufferPointer<Float>) throws(AlgebraError) -> Void
    ) throws(AlgebraError) {
        for start in stride(from: 0, to: count, by: length) {
            try withRows(start..<min(start + length, count)) { (rows) throws(AlgebraError) in try body(start, rows) }
        }
    }

    /// Checks that no number is infinite or not a number, as `DescriptorMatrix.requireFinite`.
    func requireFiniteRows(_ name: String) throws(AlgebraError) {
        let dimensions = dimensions
        try forEachRange(of: Self.checkedRows) { (first, rows) throws(AlgebraError) in
            try AlgebraError.requireFinite(rows, firstRow: first, dimensions: dimensions, name)
        }
    }

    /// Checks that rows of two kinds are equally long, and that there is something to search that row numbers can tell.
    func requireSearchable(by queries: some DescriptorRows) throws(AlgebraError) {
        guard queries.dimensions == dimensions else {
            throw AlgebraError.dimensions("the gallery", expected: queries.dimensions, found: dimensions)
        }
        guard (1...Int(Int32.max)).contains(count) else {
            throw AlgebraError(.invalidArgument, "cannot search \(count) descriptors; 1 to \(Int32.max) can be")
        }
    }
}

extension AlgebraError {
    /// Throws for the first number that is infinite or not a number.
    static func requireFinite(
        _ rows: UnsafeBufferPointer<Float>, firstRow: Int, dimensions: Int, _ name: String
    ) throws(AlgebraError) {
        // x - x is 0 for a number and NaN for the rest, and NaN stays in a sum: no branch in the loop.
        var sums = SIMD16<Float>.zero
        let whole = rows.count / 16 * 16
        if let base = UnsafeRawPointer(rows.baseAddress) {
            for place in stride(from: 0, to: whole, by: 16) {
                let numbers = base.loadUnaligned(fromByteOffset: place * 4, as: SIMD16<Float>.self)
                sums += numbers - numbers
            }
        }
        var sum = sums.sum()
        for place in whole..<rows.count { sum += rows[place] - rows[place] }
        guard sum != 0, let position = rows.firstIndex(where: { !$0.isFinite }) else { return }
        throw AlgebraError(
            .invalidInput,
            "row \(firstRow + position / dimensions) of \(name) holds \(rows[position]) at dimension "
                + "\(position % dimensions); extract that descriptor again")
    }
}
