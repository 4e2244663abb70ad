/// Non-maximum suppression, done on the pixels above a threshold alone: a lower one suppresses none of them.
extension ScoreMap {
    /// A pixel and its score.
    struct Peak: Hashable {
        let column: Int
        let row: Int
        let score: Float
    }

    /// Pixels that stand out in their window, row by row.
    ///
    /// - Parameters:
    ///   - configuration: Threshold, window and rule.
    ///   - columns: The columns that count; windows end there.
    ///   - rows: The rows that count.
    /// - Complexity: O(pixels + pixels above the threshold * window).
    func peaks(_ configuration: KeypointConfiguration, columns: Range<Int>, rows: Range<Int>) -> [Peak] {
        let threshold = configuration.scoreThreshold
        var peaks = peaks(configuration, above: threshold, columns: columns, rows: rows)
        if peaks.count < configuration.sufficientKeypoints, threshold > 0 {
            peaks = self.peaks(configuration, above: 0, columns: columns, rows: rows)
        }
        let border = configuration.border
        return peaks.filter {
            $0.column >= columns.lowerBound + border && $0.column < columns.upperBound - border
                && $0.row >= rows.lowerBound + border && $0.row < rows.upperBound - border
        }
    }

    private func peaks(
        _ configuration: KeypointConfiguration, above threshold: Float, columns: Range<Int>, rows: Range<Int>
    ) -> [Peak] {
        let candidates = candidates(above: threshold, columns: columns, rows: rows)
        var search = MaximumSearch(map: self, columns: columns, rows: rows, radius: configuration.suppressionRadius)
        switch configuration.suppression {
        case .strictMaxima:
            return candidates.filter { search.exceedsAll($0) }
        case .iterated:
            var chosen = [Bool](repeating: false, count: candidates.count)
            for round in 0..<3 {
                let found = candidates.indices.filter {
                    search.isFree(candidates[$0]) && search.isNotExceeded(candidates[$0])
                }
                if found.isEmpty, round > 0 { break }
                for index in found {
                    chosen[index] = true
                    search.occupy(candidates[index])
                }
            }
            return candidates.indices.filter { chosen[$0] }.map { candidates[$0] }
        }
    }

    private func candidates(above threshold: Float, columns: Range<Int>, rows: Range<Int>) -> [Peak] {
        var found: [Peak] = []
        values.withUnsafeBufferPointer { values in
            for row in rows {
                let start = row &* width
                for column in columns where values[start &+ column] > threshold {
                    found.append(Peak(column: column, row: row, score: values[start &+ column]))
                }
            }
        }
        return found
    }
}

/// Looks around pixels for higher ones.
private struct MaximumSearch {
    let map: ScoreMap
    let columns: Range<Int>
    let rows: Range<Int>
    let radius: Int
    /// Pixels near a keypoint; as many as the map has, once there is one.
    private var taken: [Bool] = []

    init(map: ScoreMap, columns: Range<Int>, rows: Range<Int>, radius: Int) {
        self.map = map
        self.columns = columns
        self.rows = rows
        self.radius = radius
    }

    /// Whether no other pixel of the window scores as much.
    func exceedsAll(_ peak: ScoreMap.Peak) -> Bool {
        map.values.withUnsafeBufferPointer { values in
            for row in window(peak.row, in: rows) {
                let start = row &* map.width
                for column in window(peak.column, in: columns) where values[start &+ column] >= peak.score {
                    guard column == peak.column, row == peak.row else { return false }
                }
            }
            return true
        }
    }

    /// Whether no free pixel of the window scores more.
    func isNotExceeded(_ peak: ScoreMap.Peak) -> Bool {
        map.values.withUnsafeBufferPointer { values in
            for row in window(peak.row, in: rows) {
                let start = row &* map.width
                for column in window(peak.column, in: columns) where values[start &+ column] > peak.score {
                    if taken.isEmpty || !taken[start &+ column] { return false }
                }
            }
            return true
        }
    }

    func isFree(_ peak: ScoreMap.Peak) -> Bool { taken.isEmpty || !taken[peak.row * map.width + peak.column] }

    mutating func occupy(_ peak: ScoreMap.Peak) {
        if taken.isEmpty { taken = [Bool](repeating: false, count: map.values.count) }
        for row in window(peak.row, in: rows) {
            for column in window(peak.column, in: columns) { taken[row * map.width + column] = true }
        }
    }

    private func window(_ place: Int, in range: Range<Int>) -> Range<Int> {
        max(place - radius, range.lowerBound)..<min(place + radius + 1, range.upperBound)
    }
}
