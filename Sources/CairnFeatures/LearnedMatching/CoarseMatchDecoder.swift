/// From the confidences of pairs of cells to the pairs that match.
struct CoarseMatchDecoder: Sendable {
    let configuration: DetectorFreeConfiguration

    /// Cells that are each other's surest partners above the threshold, both away from their image's edges; the surest first.
    ///
    /// - Parameter confidence: `[1, cells of a, cells of b]`.
    /// - Complexity: O(cells of a * cells of b).
    func matches(
        _ confidence: NetworkArray, _ a: DetectorFreeFeatures, _ b: DetectorFreeFeatures
    ) -> [LearnedMatch] {
        let (rows, columns) = (a.rows * a.columns, b.rows * b.columns)
        var bestOfRows = [(value: Float, column: Int)](repeating: (0, 0), count: rows)
        var bestOfColumns = [Float](repeating: 0, count: columns)
        confidence.values.withUnsafeBufferPointer { values in
            bestOfColumns.withUnsafeMutableBufferPointer { bestOfColumns in
                for row in 0..<rows {
                    let start = row &* columns
                    var (best, place): (Float, Int) = (0, 0)
                    for column in 0..<columns {
                        let value = values[start &+ column]
                        if value > best { (best, place) = (value, column) }
                        if value > bestOfColumns[column] { bestOfColumns[column] = value }
                    }
                    bestOfRows[row] = (best, place)
                }
            }
        }
        let border = configuration.border
        var matches: [LearnedMatch] = []
        for (cell, best) in bestOfRows.enumerated()
        where best.value > configuration.threshold && bestOfColumns[best.column] == best.value
            && a.isInner(cell, border: border) && b.isInner(best.column, border: border)
        {
            matches.append(LearnedMatch(query: cell, candidate: best.column, confidence: min(best.value, 1)))
        }
        return Array(matches.sorted(by: LearnedMatch.precedes).prefix(configuration.maximumMatches))
    }
}
