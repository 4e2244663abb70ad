/// A picture with its halved copies, for drawing at any size: premultiplied 8-bit RGBA packed into 32 bits, and
/// optionally how much each texel glows at night.
struct MipTexture: Sendable {
    /// One size of the picture: its place in the storage.
    struct Level: Sendable {
        let offset: Int
        let width: Int
        let height: Int
    }

    let levels: [Level]
    let texels: [UInt32]
    let glow: [UInt8]

    var width: Int { levels[0].width }
    var height: Int { levels[0].height }

    /// Copies a canvas and halves it until one side is a texel. O(pixels).
    init(_ canvas: Canvas) {
        var levels: [Level] = []
        var total = 0
        var width = canvas.width
        var height = canvas.height
        while true {
            levels.append(Level(offset: total, width: width, height: height))
            total += width * height
            if min(width, height) < 2 || levels.count == 9 { break }
            width /= 2
            height /= 2
        }
        self.levels = levels
        let sizes = levels
        let fullCount = canvas.width * canvas.height
        texels = [UInt32](unsafeUninitializedCapacity: total) { buffer, count in
            let pixels = canvas.pixels
            for index in 0..<fullCount { buffer[index] = Self.pack(pixels[index]) }
            for index in sizes.indices.dropFirst() {
                let from = sizes[index - 1]
                let to = sizes[index]
                for y in 0..<to.height {
                    let source = from.offset + 2 * y * from.width
                    for x in 0..<to.width {
                        let first = source + 2 * x
                        buffer[to.offset + y * to.width + x] = Self.average(
                            buffer[first], buffer[first + 1], buffer[first + from.width],
                            buffer[first + from.width + 1])
                    }
                }
            }
            count = total
        }
        guard let light = canvas.glow else {
            glow = []
            return
        }
        glow = [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
            for index in 0..<fullCount { buffer[index] = UInt8(truncatingIfNeeded: unitByte(light[index])) }
            for index in sizes.indices.dropFirst() {
                let from = sizes[index - 1]
                let to = sizes[index]
                for y in 0..<to.height {
                    for x in 0..<to.width {
                        let first = from.offset + 2 * y * from.width + 2 * x
                        let sum =
                            UInt16(buffer[first]) &+ UInt16(buffer[first + 1]) &+ UInt16(buffer[first + from.width])
                            &+ UInt16(buffer[first + from.width + 1])
                        buffer[to.offset + y * to.width + x] = UInt8(truncatingIfNeeded: sum >> 2)
                    }
                }
            }
            count = total
        }
    }

    @inline(__always)
    static func pack(_ pixel: SIMD4<Float>) -> UInt32 {
        unitByte(pixel.x) | unitByte(pixel.y) << 8 | unitByte(pixel.z) << 16 | unitByte(pixel.w) << 24
    }

    /// The mean of four packed texels, rounded, two channels at a time.
    @inline(__always)
    static func average(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> UInt32 {
        let mask: UInt32 = 0x00FF_00FF
        let even = (a & mask) &+ (b & mask) &+ (c & mask) &+ (d & mask) &+ 0x0002_0002
        let odd = (a >> 8 & mask) &+ (b >> 8 & mask) &+ (c >> 8 & mask) &+ (d >> 8 & mask) &+ 0x0002_0002
        return (even >> 2 & mask) | (odd >> 2 & mask) << 8
    }

    /// A blend of two packed texels, weight 0 to 256 of the second.
    @inline(__always)
    static func blend(_ a: UInt32, _ b: UInt32, _ weight: UInt32) -> UInt32 {
        let mask: UInt32 = 0x00FF_00FF
        let rest = 256 - weight
        let even = ((a & mask) &* rest &+ (b & mask) &* weight) >> 8 & mask
        let odd = ((a >> 8 & mask) &* rest &+ (b >> 8 & mask) &* weight) & 0xFF00_FF00
        return even | odd
    }
}
