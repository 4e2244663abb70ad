/// The rows that may be within the threshold for the queries of a block.
struct RowsWithinCandidates: ~Copyable, CodeScanSink {
    /// A row that may be within the threshold, or certainly is.
    struct Candidate {
        var row: Int32
        var query: UInt16
        var isCertain: Bool
    }

    /// A float32 not above the threshold.
    let floor: Float

    private let certain: Float
    private let most: Int
    private let excludesSelf: Bool
    private var firstNumber = 0
    private var candidates: [Candidate] = []

    init(_ search: RowsWithinSearch) {
        floor = Float(search.threshold).nextDown
        certain = Float(search.threshold).nextUp
        most = search.mostFound
        excludesSelf = search.excludesSelf
    }

    /// Forgets everything, for a block that begins with the query `firstNumber`.
    mutating func reset(firstNumber: Int) {
        self.firstNumber = firstNumber
        candidates.removeAll(keepingCapacity: true)
    }

    /// Takes in a row, for each query in ascending order. False when there are too many.
    @inline(__always)
    mutating func append(row: Int, query: Int, isCertain: Bool) -> Bool {
        guard !(excludesSelf && row == firstNumber + query) else { return true }
        guard candidates.count < most else { return false }
        candidates.append(
            Candidate(
                row: Int32(truncatingIfNeeded: row), query: UInt16(truncatingIfNeeded: query), isCertain: isCertain))
        return true
    }

    mutating func take(
        row: Int, query: Int, estimate: Float, error: Float, queries: borrowing CodedQueries
    ) -> Bool {
        append(row: row, query: query, isCertain: estimate - error > certain)
    }

    /// The candidates query by query, rows ascending, and where those of each query begin.
    func sortedByQuery(_ count: Int) -> (candidates: [Candidate], starts: [Int]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for candidate in candidates { starts[Int(candidate.query) + 1] += 1 }
        for query in 0..<count { starts[query + 1] += starts[query] }
        var next = starts
        var sorted = candidates
        for candidate in candidates {
            sorted[next[Int(candidate.query)]] = candidate
            next[Int(candidate.query)] += 1
        }
        return (sorted, starts)
    }
}
