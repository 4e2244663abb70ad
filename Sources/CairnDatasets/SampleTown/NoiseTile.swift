/// A periodic field of fractal value noise, made once: a texture look-up instead of a lattice sum for every pixel.
///
/// 256 x 256 samples, row-major, mean about 0, deviation about 0.33, most within ±1.
struct NoiseTile: @unchecked Sendable {
    // Unchecked because of the pointer; the samples are written before the one instance is published, and never again.
    private let samples: UnsafePointer<Float>
    static let side: Int32 = 256

    /// The one tile. Users take it at their own random offsets.
    static let shared = NoiseTile()

    private init() {
        let side = Int(Self.side)
        let buffer = UnsafeMutablePointer<Float>.allocate(capacity: side * side)
        buffer.initialize(repeating: 0, count: side * side)
        var amplitude: Float = 0.55
        for octave in 0..<6 {
            let cells = Int32(8 << octave)
            let cellSize = Float(Self.side) / Float(cells)
            let seed = UInt32(0x51ED_0000) &+ UInt32(octave)
            for row in 0..<side {
                let y = (Float(row) + 0.5) / cellSize
                let iy = floorInt(y)
                let ty = y - Float(iy)
                let sy = ty * ty * (3 - 2 * ty)
                for column in 0..<side {
                    let x = (Float(column) + 0.5) / cellSize
                    let ix = floorInt(x)
                    let tx = x - Float(ix)
                    let sx = tx * tx * (3 - 2 * tx)
                    let nextX = (ix + 1) % cells
                    let nextY = (iy + 1) % cells
                    let top = latticeUnit(ix, iy, seed) * (1 - sx) + latticeUnit(nextX, iy, seed) * sx
                    let bottom = latticeUnit(ix, nextY, seed) * (1 - sx) + latticeUnit(nextX, nextY, seed) * sx
                    buffer[row * side + column] += amplitude * 2 * (top * (1 - sy) + bottom * sy - 0.5)
                }
            }
            amplitude *= 0.62
        }
        samples = UnsafePointer(buffer)
    }

    /// The nearest sample, in tile pixels; any coordinates, wrapped.
    @inline(__always)
    func nearest(_ x: Float, _ y: Float) -> Float {
        let column = Int(floorInt(x) & (Self.side - 1))
        let row = Int(floorInt(y) & (Self.side - 1))
        return samples[row * Int(Self.side) + column]
    }

    /// Bilinear between samples, in tile pixels; any coordinates, wrapped.
    @inline(__always)
    func smooth(_ x: Float, _ y: Float) -> Float {
        let ix = floorInt(x)
        let iy = floorInt(y)
        let tx = x - Float(ix)
        let ty = y - Float(iy)
        let column = Int(ix & (Self.side - 1))
        let right = Int((ix + 1) & (Self.side - 1))
        let row = Int(iy & (Self.side - 1)) * Int(Self.side)
        let below = Int((iy + 1) & (Self.side - 1)) * Int(Self.side)
        let top = samples[row + column] * (1 - tx) + samples[row + right] * tx
        let bottom = samples[below + column] * (1 - tx) + samples[below + right] * tx
        return top * (1 - ty) + bottom * ty
    }
}
