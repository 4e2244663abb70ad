import CairnCore

/// ALIKED's dense features, `D` numbers of unit length a pixel, made where they are asked for from four levels of `D / 4`.
///
/// Levels are `[1, H / s, W / s, D / 4]` for s of 1, 2, 8 and 32; coarser ones are interpolated between their pixels' centres,
/// the outer of which lie on the outer pixels of the input. Outside the image are zeros.
struct FeatureLevels: Sendable {
    /// Numbers in a pixel's vector.
    let entries: Int
    private let levels: [Level]
    private let frame: NetworkFrame

    fileprivate struct Level: Sendable {
        let columns: Int
        let rows: Int
        let values: [Float]
        /// Pixels of the level in a pixel of the input.
        let scaleX: Float
        let scaleY: Float
    }

    /// Throws `FeatureError` where the arrays are no such levels.
    init(_ arrays: [NetworkArray], frame: NetworkFrame) throws {
        let size = frame.inputSize
        guard arrays.count == 4, let quarter = arrays.first?.shape.last, quarter > 0, quarter % 8 == 0,
            zip(arrays, [1, 2, 8, 32]).allSatisfy({ array, step in
                array.shape == [1, size.height / step, size.width / step, quarter]
            })
        else {
            throw FeatureError(
                .unsupported,
                "levels of \(arrays.map(\.shape)) are not those of ALIKED for an image of \(size); export the model again"
            )
        }
        self.frame = frame
        entries = 4 * quarter
        levels = arrays.map { array in
            Level(
                columns: array.shape[2], rows: array.shape[1], values: array.values,
                scaleX: Float(array.shape[2] - 1) / Float(size.width - 1),
                scaleY: Float(array.shape[1] - 1) / Float(size.height - 1))
        }
    }

    /// Adds the vector of a pixel of the input, times a weight.
    func add(column: Int, row: Int, weight: Float, to result: UnsafeMutablePointer<Float>) {
        guard frame.columns.contains(column), frame.rows.contains(row), weight != 0 else { return }
        withUnsafeTemporaryAllocation(of: SIMD8<Float>.self, capacity: entries / 8) { vector in
            let lanes = entries / 32
            var squares = SIMD8<Float>()
            for (index, level) in levels.enumerated() {
                let part = UnsafeMutableBufferPointer(rebasing: vector[(index * lanes)..<((index + 1) * lanes)])
                level.sample(column: column, row: row, into: part)
                for lane in part { squares.addProduct(lane, lane) }
            }
            let scale = weight / max(squares.sum().squareRoot(), 1e-12)
            let target = UnsafeMutableRawPointer(result)
            for lane in vector.indices {
                let sum = target.loadUnaligned(fromByteOffset: 32 * lane, as: SIMD8<Float>.self) + vector[lane] * scale
                target.storeBytes(of: sum, toByteOffset: 32 * lane, as: SIMD8<Float>.self)
            }
        }
    }

    /// Adds the vector between pixels of the input.
    func add(x: Float, y: Float, to result: UnsafeMutablePointer<Float>) {
        let (left, top) = (x.rounded(.down), y.rounded(.down))
        guard left.magnitude < 1e6, top.magnitude < 1e6 else { return }
        let (column, row, u, v) = (Int(left), Int(top), x - left, y - top)
        add(column: column, row: row, weight: (1 - u) * (1 - v), to: result)
        add(column: column + 1, row: row, weight: u * (1 - v), to: result)
        add(column: column, row: row + 1, weight: (1 - u) * v, to: result)
        add(column: column + 1, row: row + 1, weight: u * v, to: result)
    }
}

extension FeatureLevels.Level {
    /// The level's numbers at a pixel of the input.
    fileprivate func sample(column: Int, row: Int, into result: UnsafeMutableBufferPointer<SIMD8<Float>>) {
        values.withUnsafeBytes { bytes in
            func load(_ column: Int, _ row: Int, _ lane: Int) -> SIMD8<Float> {
                bytes.loadUnaligned(
                    fromByteOffset: ((row &* columns &+ column) &* result.count &+ lane) &* 32, as: SIMD8<Float>.self)
            }
            let (x, y) = (Float(column) * scaleX, Float(row) * scaleY)
            let (left, top) = (min(Int(x), columns - 1), min(Int(y), rows - 1))
            let (right, bottom) = (min(left + 1, columns - 1), min(top + 1, rows - 1))
            let (u, v) = (x - Float(left), y - Float(top))
            guard u > 0 || v > 0 else {
                for lane in result.indices { result[lane] = load(left, top, lane) }
                return
            }
            for lane in result.indices {
                let upper = load(left, top, lane) * (1 - u) + load(right, top, lane) * u
                let lower = load(left, bottom, lane) * (1 - u) + load(right, bottom, lane) * u
                result[lane] = upper * (1 - v) + lower * v
            }
        }
    }
}
