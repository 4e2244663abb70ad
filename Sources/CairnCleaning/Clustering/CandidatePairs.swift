import CairnAlgebra

/// Every pair of rows whose cosine distance is at most `eps`, and perhaps some that are further apart by no more than
/// comes of rounding unit rows to float32.
///
/// Rows are compared in square tiles above the diagonal: each pair once, and never more than a tile's at a time.
struct CandidatePairs {
    let rows: CosineRows
    let eps: Double

    /// Rows of a tile.
    let tileSize: Int

    /// Large enough that tiles cost nothing, small enough that they do not show in memory.
    static let standardTileSize = 8192

    /// Calls `body` once for each pair, the lower row first, always in the same order.
    func forEach(_ body: (Int, Int) -> Void) throws(AlgebraError) {
        let starts = Array(stride(from: 0, to: rows.count, by: tileSize))
        // A unit row's numbers are off by 2⁻²⁴ of themselves at most, a product of two rows by 2⁻²³; the rest is room.
        let threshold = RowsWithin.threshold(forDistance: eps) - 0x1p-22
        let tiles = starts.map { rows.unit($0..<min($0 + tileSize, rows.count)) }
        for (left, leftStart) in starts.enumerated() {
            try RowsWithin.forEach(among: tiles[left], threshold: threshold, includingSelf: false, wantsScores: false) {
                row, others, _ in
                for other in others where Int(other) > row { body(leftStart + row, leftStart + Int(other)) }
            }
            for right in starts.indices.dropFirst(left + 1) {
                let rightStart = starts[right]
                try RowsWithin.forEach(queries: tiles[left], in: tiles[right], threshold: threshold, wantsScores: false)
                {
                    row, others, _ in
                    for other in others { body(leftStart + row, rightStart + Int(other)) }
                }
            }
        }
    }
}
