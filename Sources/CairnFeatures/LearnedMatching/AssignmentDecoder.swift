#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// From a matrix of log assignments to matches.
struct AssignmentDecoder: Sendable {
    /// Confidence that a match must exceed.
    let threshold: Float

    /// Entries that are the highest of their row and of their column, the surest first. Of equal ones the first counts.
    ///
    /// - Parameters:
    ///   - values: Natural logarithms of confidences, row after row.
    ///   - rows: Rows that count.
    ///   - columns: Columns that count.
    ///   - stride: Numbers from one row to the next.
    /// - Complexity: O(rows * columns).
    func matches(logAssignment values: [Float], rows: Int, columns: Int, stride: Int) -> [LearnedMatch] {
        precondition(
            rows >= 0 && columns > 0 && columns <= stride && values.count >= rows * stride,
            "\(rows) x \(columns) of \(values.count)")
        var bestColumns = [Int](repeating: 0, count: rows)
        var bestRows = [Int](repeating: 0, count: columns)
        var bestOfColumns = [Float](repeating: -.infinity, count: columns)
        values.withUnsafeBufferPointer { values in
            bestOfColumns.withUnsafeMutableBufferPointer { bestOfColumns in
                for row in 0..<rows {
                    let start = row &* stride
                    var (best, place) = (-Float.infinity, 0)
                    for column in 0..<columns {
                        let value = values[start &+ column]
                        if value > best { (best, place) = (value, column) }
                        if value > bestOfColumns[column] {
                            bestOfColumns[column] = value
                            bestRows[column] = row
                        }
                    }
                    bestColumns[row] = place
                }
            }
        }
        var matches: [LearnedMatch] = []
        for row in 0..<rows where bestRows[bestColumns[row]] == row {
            let confidence = expf(values[row * stride + bestColumns[row]])
            guard confidence > threshold else { continue }
            matches.append(LearnedMatch(query: row, candidate: bestColumns[row], confidence: min(confidence, 1)))
        }
        return matches.sorted(by: LearnedMatch.precedes)
    }
}
