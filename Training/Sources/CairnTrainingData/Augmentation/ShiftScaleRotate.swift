import CairnCore
import CairnImaging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A photo moved, scaled and turned about its centre, in one bilinear warp. What comes in from outside is the photo mirrored at
/// its outermost pixels, which are not repeated.
struct ShiftScaleRotate {
    /// Moved to the right, as a share of the width.
    var shiftX: Double
    /// Moved down, as a share of the height.
    var shiftY: Double
    /// Scaled by.
    var scale: Double
    /// Turned by, in degrees, anticlockwise as it is seen.
    var degrees: Double

    /// Random amounts: `shift` of a side at most either way, `1 ± scale`, `rotation` degrees at most either way.
    init(shift: Double, scale: Double, rotation: Double, _ random: inout TrainingRandom) {
        shiftX = random.uniform(-shift, shift)
        shiftY = random.uniform(-shift, shift)
        self.scale = random.uniform(1 - scale, 1 + scale)
        degrees = random.uniform(-rotation, rotation)
    }

    init(shiftX: Double = 0, shiftY: Double = 0, scale: Double = 1, degrees: Double = 0) {
        (self.shiftX, self.shiftY, self.scale, self.degrees) = (shiftX, shiftY, scale, degrees)
    }

    /// The warped image, of the same size. O(pixels).
    func applied(to image: RGBImage) -> RGBImage {
        let (width, height) = (image.width, image.height)
        let angle = degrees * Double.pi / 180
        let (cosine, sine) = (cos(angle) / scale, sin(angle) / scale)
        let (centreX, centreY) = (Double(width) / 2, Double(height) / 2)
        let fractionBits = 16
        let one = 1 << fractionBits
        func fixed(_ value: Double) -> Int { Int((value * Double(one)).rounded()) }
        let (stepX, stepY) = (fixed(cosine), fixed(sine))
        let warped = [UInt8](unsafeUninitializedCapacity: image.pixels.count) { target, initialized in
            image.pixels.withUnsafeBufferPointer { source in
                var index = 0
                for y in 0..<height {
                    // Where the row's first pixel comes from; y grows downwards, so that the inverse of a turn to the left
                    // has these signs.
                    let offX = 0.5 - centreX - shiftX * Double(width)
                    let offY = Double(y) + 0.5 - centreY - shiftY * Double(height)
                    var fromX = fixed(cosine * offX - sine * offY + centreX - 0.5)
                    var fromY = fixed(sine * offX + cosine * offY + centreY - 0.5)
                    for _ in 0..<width {
                        let (x0, y0) = (fromX >> fractionBits, fromY >> fractionBits)
                        // Weights of 8 bits: a product of two and a sample fits 24.
                        let (wx, wy) = ((fromX & (one &- 1)) >> 8, (fromY & (one &- 1)) >> 8)
                        let left: Int, right: Int, top: Int, bottom: Int
                        if x0 >= 0, y0 >= 0, x0 &+ 1 < width, y0 &+ 1 < height {
                            (left, right, top, bottom) = (x0, x0 &+ 1, y0, y0 &+ 1)
                        } else {
                            (left, right) = (Self.mirrored(x0, width), Self.mirrored(x0 &+ 1, width))
                            (top, bottom) = (Self.mirrored(y0, height), Self.mirrored(y0 &+ 1, height))
                        }
                        let a = (top &* width &+ left) &* 3
                        let b = (top &* width &+ right) &* 3
                        let c = (bottom &* width &+ left) &* 3
                        let d = (bottom &* width &+ right) &* 3
                        let weightA = (256 &- wx) &* (256 &- wy)
                        let weightB = wx &* (256 &- wy)
                        let weightC = (256 &- wx) &* wy
                        let weightD = wx &* wy
                        for channel in 0..<3 {
                            let sum =
                                Int(source[a &+ channel]) &* weightA &+ Int(source[b &+ channel]) &* weightB
                                &+ Int(source[c &+ channel]) &* weightC &+ Int(source[d &+ channel]) &* weightD
                            target[index &+ channel] = UInt8(truncatingIfNeeded: (sum &+ 32768) >> 16)
                        }
                        index &+= 3
                        fromX &+= stepX
                        fromY &+= stepY
                    }
                }
            }
            initialized = image.pixels.count
        }
        return RGBImage(size: image.size, pixels: warped)
    }

    /// A place inside of `0 ..< length`: mirrored at both ends as often as needed, end samples not repeated.
    @inline(__always)
    static func mirrored(_ index: Int, _ length: Int) -> Int {
        if index >= 0, index < length { return index }
        guard length > 1 else { return 0 }
        let period = 2 * (length - 1)
        var place = index % period
        if place < 0 { place += period }
        return place < length ? place : period - place
    }
}
