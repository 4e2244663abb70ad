import CairnCore

/// A vector for each cell of a map, of unit length.
struct DescriptorMap: Sendable {
    /// Cells in a row.
    let columns: Int
    /// Rows of cells.
    let rows: Int
    /// Numbers in a vector.
    let entries: Int
    /// Cell after cell, row-major.
    private let values: [Float]

    /// How vectors between cells are made. Outside the map are zeros.
    enum Interpolation: Sendable {
        /// From 2 x 2 cells.
        case bilinear
        /// From 4 x 4 cells, Keys' kernel with a = -0.75.
        case bicubic
    }

    /// Takes `[1, entries, rows, columns]`, normalises each cell's vector and puts its numbers side by side.
    init(_ map: NetworkArray) {
        (entries, rows, columns) = (map.shape[1], map.shape[2], map.shape[3])
        let (entries, cells) = (entries, rows * columns)
        var scale = [Float](repeating: 0, count: cells)
        var values = [Float](repeating: 0, count: cells * entries)
        map.values.withUnsafeBufferPointer { source in
            scale.withUnsafeMutableBufferPointer { scale in
                for entry in 0..<entries {
                    let plane = entry &* cells
                    for cell in 0..<cells { scale[cell] += source[plane &+ cell] * source[plane &+ cell] }
                }
                for cell in 0..<cells { scale[cell] = 1 / max(scale[cell].squareRoot(), 1e-12) }
                values.withUnsafeMutableBufferPointer { target in
                    // Sixteen planes at a time: one cache line of each cell's vector.
                    for first in stride(from: 0, to: entries, by: 16) {
                        let last = min(first + 16, entries)
                        for cell in 0..<cells {
                            for entry in first..<last {
                                target[cell &* entries &+ entry] = source[entry &* cells &+ cell] * scale[cell]
                            }
                        }
                    }
                }
            }
        }
        self.values = values
    }

    /// Appends the vector at (x, y), in cells from the first one's centre, made of unit length.
    func appendSample(x: Float, y: Float, _ interpolation: Interpolation, to result: inout [Float]) {
        let start = result.count
        result.append(contentsOf: repeatElement(0, count: entries))
        let reach = interpolation == .bilinear ? 0 : 1
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        guard left.magnitude < 1e6, top.magnitude < 1e6 else { return }
        let (u, v) = (x - left, y - top)
        result.withUnsafeMutableBufferPointer { result in
            values.withUnsafeBufferPointer { values in
                for j in -reach...(reach + 1) {
                    let row = Int(top) + j
                    guard row >= 0, row < rows else { continue }
                    let rowWeight = Self.weight(v - Float(j), interpolation)
                    for i in -reach...(reach + 1) {
                        let column = Int(left) + i
                        guard column >= 0, column < columns else { continue }
                        let weight = rowWeight * Self.weight(u - Float(i), interpolation)
                        let cell = (row * columns + column) * entries
                        for entry in 0..<entries { result[start &+ entry] += weight * values[cell &+ entry] }
                    }
                }
            }
            UnitLength.normalize(UnsafeMutableBufferPointer(rebasing: result[start...]))
        }
    }

    /// The kernel's value at a distance in cells.
    private static func weight(_ distance: Float, _ interpolation: Interpolation) -> Float {
        let d = distance.magnitude
        switch interpolation {
        case .bilinear: return max(0, 1 - d)
        case .bicubic:
            let a: Float = -0.75
            if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
            if d < 2 { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a }
            return 0
        }
    }
}

/// Vectors of Euclidean length 1.
enum UnitLength {
    /// Divides by the length; zeros stay zeros.
    static func normalize(_ vector: UnsafeMutableBufferPointer<Float>) {
        var sum: Float = 0
        for value in vector { sum += value * value }
        let scale = 1 / max(sum.squareRoot(), 1e-12)
        for index in vector.indices { vector[index] *= scale }
    }
}
