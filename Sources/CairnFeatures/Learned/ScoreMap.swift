#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How likely each pixel of a network's input is a keypoint.
struct ScoreMap: Sendable {
    /// Columns.
    let width: Int
    /// Rows.
    let height: Int
    /// Row-major.
    let values: [Float]

    init(width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height, "\(values.count) scores for \(width) x \(height)")
        self.width = width
        self.height = height
        self.values = values
    }

    /// The distribution that each cell's 65 logits make over its 64 pixels, row by row, and "none of them", which goes.
    ///
    /// - Parameter logits: `[1, 65, rows, columns]`.
    init(cellLogits logits: NetworkArray) {
        let (rows, columns) = (logits.shape[2], logits.shape[3])
        let cells = rows * columns
        let width = 8 * columns
        var map = [Float](repeating: 0, count: 64 * cells)
        var peaks = [Float](logits.values[..<cells])
        var sums = [Float](repeating: 0, count: cells)
        logits.values.withUnsafeBufferPointer { logits in
            peaks.withUnsafeMutableBufferPointer { peaks in
                for channel in 1..<65 {
                    let plane = channel &* cells
                    for cell in 0..<cells where logits[plane &+ cell] > peaks[cell] {
                        peaks[cell] = logits[plane &+ cell]
                    }
                }
            }
            map.withUnsafeMutableBufferPointer { map in
                for channel in 0..<65 {
                    let plane = channel &* cells
                    for row in 0..<rows {
                        let target = (row &* 8 &+ channel / 8) &* width &+ channel % 8
                        for column in 0..<columns {
                            let cell = row &* columns &+ column
                            let value = expf(logits[plane &+ cell] - peaks[cell])
                            sums[cell] += value
                            if channel < 64 { map[target &+ column &* 8] = value }
                        }
                    }
                }
                for y in 0..<(8 &* rows) {
                    for x in 0..<width { map[y &* width &+ x] /= sums[(y / 8) &* columns &+ x / 8] }
                }
            }
        }
        self.init(width: width, height: 8 * rows, values: map)
    }

    /// The score between pixels, by linear interpolation; positions are in pixels from the first one's centre, outside are zeros.
    func score(x: Float, y: Float) -> Float {
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        guard left >= -1, top >= -1, left < Float(width), top < Float(height) else { return 0 }
        let (column, row) = (Int(left), Int(top))
        func value(_ column: Int, _ row: Int) -> Float {
            column >= 0 && row >= 0 && column < width && row < height ? values[row * width + column] : 0
        }
        let (u, v) = (x - left, y - top)
        return (1 - v) * ((1 - u) * value(column, row) + u * value(column + 1, row))
            + v * ((1 - u) * value(column, row + 1) + u * value(column + 1, row + 1))
    }

    /// Where a pixel's keypoint lies: the mean of its window, weighted by `exp(score / temperature)`.
    ///
    /// The window of `2 * radius + 1` must lie within the map. Zhao et al., "ALIKE", IEEE TMM 2022, equation 4.
    func refinedPosition(column: Int, row: Int, radius: Int, temperature: Float) -> (x: Float, y: Float) {
        var peak = -Float.infinity
        for y in (row - radius)...(row + radius) {
            for x in (column - radius)...(column + radius) { peak = max(peak, values[y * width + x]) }
        }
        var (sum, dx, dy): (Float, Float, Float) = (0, 0, 0)
        for y in -radius...radius {
            for x in -radius...radius {
                let weight = expf((values[(row + y) * width + column + x] - peak) / temperature)
                sum += weight
                dx += weight * Float(x)
                dy += weight * Float(y)
            }
        }
        return (Float(column) + dx / sum, Float(row) + dy / sum)
    }
}
