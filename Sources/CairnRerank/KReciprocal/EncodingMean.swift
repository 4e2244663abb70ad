/// Adds up sparse vectors. One thread's: it holds a number for each column.
final class EncodingMean {
    private var sums: [Double]
    private(set) var columns: [Int32] = []
    private var vectors = 0

    init(columns: Int) {
        sums = Array(repeating: 0, count: columns)
    }

    /// Adds one row.
    func add(_ rows: borrowing SparseRows, row: Int) {
        vectors += 1
        for entry in rows.offsets[row]..<rows.offsets[row + 1] {
            let column = Int(rows.columns[entry])
            if sums[column] == 0 { columns.append(rows.columns[entry]) }
            sums[column] += Double(rows.values[entry])
        }
    }

    /// The mean of what was added, at one column.
    @inline(__always)
    func mean(_ column: Int32) -> Float { Float(sums[Int(column)] / Double(vectors)) }

    /// Appends the mean as a row, and begins anew.
    func take(into result: inout SparseRows) {
        columns.sort()
        for column in columns { result.append(column, mean(column)) }
        result.endRow()
        clear()
    }

    /// Begins anew.
    func clear() {
        for column in columns { sums[Int(column)] = 0 }
        columns.removeAll(keepingCapacity: true)
        vectors = 0
    }
}
