import CairnImaging

extension RGBImage {
    /// Luma of an RGB pixel by ITU-R BT.601, rounded.
    @inline(__always)
    static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
        (Int(red) &* 19595 &+ Int(green) &* 38470 &+ Int(blue) &* 7471 &+ 32768) >> 16
    }

    /// Leaves colours out, in place: all three channels become luma.
    mutating func removeColors() {
        pixels.withUnsafeMutableBufferPointer { pixels in
            for index in stride(from: 0, to: pixels.count, by: 3) {
                let luma = UInt8(truncatingIfNeeded: Self.luma(pixels[index], pixels[index + 1], pixels[index + 2]))
                (pixels[index], pixels[index + 1], pixels[index + 2]) = (luma, luma, luma)
            }
        }
    }
}
