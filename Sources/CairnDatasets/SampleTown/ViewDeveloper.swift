import CairnCore
import CairnImaging

/// Turns a painted scene into a photo: blur, exposure, white balance, vignette, noise, 8 bits.
struct ViewDeveloper {
    var exposure: Float = 1
    var balance: SIMD2<Float> = [1, 1]
    var noise: Float = 0
    var blur: Float = 0
    var seed: UInt32 = 0

    /// The finished picture. O(pixels).
    func develop(_ canvas: Canvas) -> RGBImage {
        var remaining = blur
        while remaining > 0.02 {
            soften(canvas, amount: min(1, remaining))
            remaining -= 1
        }
        let size = ImageSize(width: canvas.width, height: canvas.height)
        let gain = SIMD4<Float>(exposure * balance.x, exposure, exposure * balance.y, 1) * 255
        let centre = SIMD2(Float(canvas.width), Float(canvas.height)) / 2
        let reach = 1 / (centre.x * centre.x + centre.y * centre.y)
        let grain = noise / 147.8
        let pixels = [UInt8](unsafeUninitializedCapacity: size.pixelCount * 3) { buffer, count in
            for y in 0..<canvas.height {
                let dy = Float(y) + 0.5 - centre.y
                for x in 0..<canvas.width {
                    let dx = Float(x) + 0.5 - centre.x
                    let vignette = blur + noise > 0 ? 1 - 0.14 * (dx * dx + dy * dy) * reach : 1
                    var value = canvas.pixels[y * canvas.width + x] * gain * vignette
                    if noise > 0 {
                        // The sum of four bytes has deviation 147.8 and is close enough to normal.
                        let hash = latticeHash(Int32(x), Int32(y), seed)
                        let other = hash &* 0x9E37_79B1
                        let third = other ^ (hash >> 13)
                        value += SIMD4(byteSum(hash), byteSum(other), byteSum(third &* 0x85EB_CA6B), 0) * grain
                    }
                    let at = (y * canvas.width + x) * 3
                    buffer[at] = toned(value.x)
                    buffer[at + 1] = toned(value.y)
                    buffer[at + 2] = toned(value.z)
                }
            }
            count = size.pixelCount * 3
        }
        return RGBImage(size: size, pixels: pixels)
    }

    /// Eight bits of a value; highlights above 225 roll off instead of clipping hard.
    @inline(__always)
    private func toned(_ value: Float) -> UInt8 {
        let bright = value - 225
        let rolled = bright > 0 ? 225 + bright * 30 / (bright + 30) : value
        return UInt8(truncatingIfNeeded: Int32(max(0, min(255, rolled + 0.5))))
    }

    @inline(__always)
    private func byteSum(_ hash: UInt32) -> Float {
        Float(Int32(hash & 255) + Int32(hash >> 8 & 255) + Int32(hash >> 16 & 255) + Int32(hash >> 24) - 510)
    }

    /// One pass of [1 2 1] / 4 in both directions, mixed in by `amount`; in place, a row and a pixel of memory behind.
    private func soften(_ canvas: Canvas, amount: Float) {
        let side = amount * 0.25
        let middle = 1 - 2 * side
        let width = canvas.width
        for y in 0..<canvas.height {
            let row = canvas.pixels + y * width
            var previous = row[0]
            for x in 0..<width {
                let current = row[x]
                row[x] = current * middle + (previous + row[min(width - 1, x + 1)]) * side
                previous = current
            }
        }
        var above = [SIMD4<Float>](unsafeUninitializedCapacity: width) { buffer, count in
            for x in 0..<width { buffer[x] = canvas.pixels[x] }
            count = width
        }
        above.withUnsafeMutableBufferPointer { above in
            for y in 0..<canvas.height {
                let row = canvas.pixels + y * width
                let below = canvas.pixels + min(canvas.height - 1, y + 1) * width
                for x in 0..<width {
                    let current = row[x]
                    row[x] = current * middle + (above[x] + below[x]) * side
                    above[x] = current
                }
            }
        }
    }
}
