/// One product of a sparse matrix with a block of columns. Its memory belongs to `SparseMatrix.multiply`.
///
/// Unchecked: concurrent calls read the shared inputs and write only to the rows given to them.
struct SparseProduct: @unchecked Sendable {
    let offsets: UnsafeBufferPointer<Int>
    let columns: UnsafeBufferPointer<Int32>
    let values: UnsafeBufferPointer<Float>
    /// `[columns, width]`.
    let source: UnsafePointer<Float>
    /// `[rows, width]`.
    let target: UnsafeMutablePointer<Float>
    let width: Int

    /// The first row at which `part` of `parts` of the work is done; a row counts as one entry more than it has.
    func row(atWork part: Int, of parts: Int) -> Int {
        let rows = offsets.count - 1
        let goal = (offsets[rows] + rows) * part / parts
        var (low, high) = (0, rows)
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] + middle < goal { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Fills some rows of the target.
    func multiply(rows: Range<Int>) {
        var column = 0
        while column + 32 <= width {
            multiply(rows, at: column, lanes: SIMD32<Float>.self)
            column += 32
        }
        if column + 16 <= width {
            multiply(rows, at: column, lanes: SIMD16<Float>.self)
            column += 16
        }
        if column + 8 <= width {
            multiply(rows, at: column, lanes: SIMD8<Float>.self)
            column += 8
        }
        if column + 4 <= width {
            multiply(rows, at: column, lanes: SIMD4<Float>.self)
            column += 4
        }
        while column < width {
            multiplyOne(rows, at: column)
            column += 1
        }
    }

    /// As many columns of the block as the vector has lanes, beginning at `first`.
    @inline(__always)
    private func multiply<Lanes: SIMD<Float>>(_ rows: Range<Int>, at first: Int, lanes: Lanes.Type) {
        let source = UnsafeRawPointer(source + first)
        let target = UnsafeMutableRawPointer(target + first)
        let pitch = width * MemoryLayout<Float>.size
        for row in rows {
            var sums = Lanes(repeating: 0)
            for entry in offsets[row]..<offsets[row + 1] {
                let place = Int(columns[entry]) * pitch
                sums += values[entry] * source.loadUnaligned(fromByteOffset: place, as: Lanes.self)
            }
            target.storeBytes(of: sums, toByteOffset: row * pitch, as: Lanes.self)
        }
    }

    private func multiplyOne(_ rows: Range<Int>, at column: Int) {
        for row in rows {
            var sum: Float = 0
            for entry in offsets[row]..<offsets[row + 1] {
                sum += values[entry] * source[Int(columns[entry]) * width + column]
            }
            target[row * width + column] = sum
        }
    }
}
