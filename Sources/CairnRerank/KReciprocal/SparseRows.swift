/// Sparse vectors, one a row: columns in ascending order, each with a value.
struct SparseRows: Sendable {
    /// Where each row begins, and where the last one ends.
    private(set) var offsets: [Int] = [0]
    private(set) var columns: [Int32] = []
    private(set) var values: [Float] = []

    /// How many rows there are.
    var count: Int { offsets.count - 1 }

    private static let rowsPerPart = 1024

    init() {}

    /// Makes rows on some threads. `makeWorker` is called once a thread; `body` appends to the rows what it finds.
    init<Worker>(
        count: Int, threads: Int, makeWorker: () -> Worker,
        _ body: @Sendable (Worker, _ row: Int, inout SparseRows) -> Void
    ) {
        let blocks = (count + Self.rowsPerPart - 1) / Self.rowsPerPart
        nonisolated(unsafe) let workers = (0..<max(1, min(threads, blocks))).map { _ in makeWorker() }
        var parts = [SparseRows](repeating: SparseRows(), count: blocks)
        parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            concurrentBlocks(blocks, threads: threads) { worker, block in
                var part = SparseRows()
                for row in block * Self.rowsPerPart..<min(count, (block + 1) * Self.rowsPerPart) {
                    body(workers[worker], row, &part)
                }
                parts[block] = part
            }
        }
        offsets.reserveCapacity(count + 1)
        let total = parts.reduce(0) { $0 + $1.columns.count }
        columns.reserveCapacity(total)
        values.reserveCapacity(total)
        for block in parts.indices {
            let start = columns.count
            offsets += parts[block].offsets.dropFirst().map { $0 + start }
            columns += parts[block].columns
            values += parts[block].values
            parts[block] = SparseRows()
        }
    }

    /// Adds an entry to the row under way.
    @inline(__always)
    mutating func append(_ column: Int32, _ value: Float) {
        columns.append(column)
        values.append(value)
    }

    /// Ends the row under way; returns its number.
    @discardableResult
    mutating func endRow() -> Int {
        offsets.append(columns.count)
        return offsets.count - 2
    }

    /// Forgets all rows, and keeps their memory.
    mutating func removeAll() {
        offsets.removeLast(offsets.count - 1)
        columns.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }
}

/// For each of some numbers, the rows in which it occurs, ascending.
struct InvertedRows: Sendable {
    private let offsets: [Int]
    private let rows: [Int32]

    /// Inverts lists: `forEachEntry(row, body)` calls `body` with each number of a row; -1 is none. Called twice a row.
    init(rowCount: Int, numberCount: Int, forEachEntry: (_ row: Int, _ body: (Int32) -> Void) -> Void) {
        var ends = [Int](repeating: 0, count: numberCount + 1)
        for row in 0..<rowCount { forEachEntry(row) { if $0 >= 0 { ends[Int($0) + 1] += 1 } } }
        for number in 0..<numberCount { ends[number + 1] += ends[number] }
        offsets = ends
        var rows = [Int32](repeating: 0, count: ends[numberCount])
        for row in 0..<rowCount {
            forEachEntry(row) { number in
                guard number >= 0 else { return }
                rows[ends[Int(number)]] = Int32(truncatingIfNeeded: row)
                ends[Int(number)] += 1
            }
        }
        self.rows = rows
    }

    /// The rows that hold a number.
    subscript(number: Int) -> ArraySlice<Int32> { rows[offsets[number]..<offsets[number + 1]] }
}
