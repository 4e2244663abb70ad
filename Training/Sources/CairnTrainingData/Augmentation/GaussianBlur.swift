import CairnImaging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A Gaussian blur: two passes, cut off at three deviations, mirrored at the outermost pixels, which are not repeated.
struct GaussianBlur {
    /// Weights in 1/65,536, an odd number of them, whose sum is 65,536.
    let weights: [Int]

    /// Makes a blur of a standard deviation in pixels.
    init(sigma: Double) {
        precondition(sigma > 0, "a blur of \(sigma) pixels")
        let radius = max(1, Int((3 * sigma).rounded(.up)))
        let exact = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let sum = exact.reduce(0, +)
        var weights = exact.map { Int(($0 / sum * 65536).rounded()) }
        // Rounding leaves the sum a few units off; the centre takes them, so that a constant stays constant.
        weights[radius] += 65536 - weights.reduce(0, +)
        self.weights = weights
    }

    /// Blurs in place. O(pixels * deviation).
    func apply(to image: inout RGBImage) {
        let (width, height) = (image.width, image.height)
        let radius = weights.count / 2
        var middle = [UInt16](repeating: 0, count: image.pixels.count)
        weights.withUnsafeBufferPointer { weights in
            middle.withUnsafeMutableBufferPointer { middle in
                image.pixels.withUnsafeMutableBufferPointer { pixels in
                    // Down the columns, samples with 8 more bits; then along the rows.
                    var sums = [Int32](repeating: 0, count: width * 3)
                    sums.withUnsafeMutableBufferPointer { sums in
                        for y in 0..<height {
                            for index in sums.indices { sums[index] = 128 }
                            for tap in weights.indices {
                                let row = ShiftScaleRotate.mirrored(y + tap - radius, height) * width * 3
                                let weight = Int32(weights[tap])
                                for index in sums.indices { sums[index] &+= Int32(pixels[row &+ index]) &* weight }
                            }
                            let start = y * width * 3
                            for index in sums.indices {
                                middle[start &+ index] = UInt16(truncatingIfNeeded: sums[index] >> 8)
                            }
                        }
                    }
                    for y in 0..<height {
                        let start = y * width * 3
                        for x in 0..<width {
                            var (red, green, blue) = (1 << 23, 1 << 23, 1 << 23)
                            let isInside = x >= radius && x &+ radius < width
                            for tap in weights.indices {
                                let place = x &+ tap &- radius
                                let column = isInside ? place : ShiftScaleRotate.mirrored(place, width)
                                let index = start &+ column &* 3
                                red &+= Int(middle[index]) &* weights[tap]
                                green &+= Int(middle[index &+ 1]) &* weights[tap]
                                blue &+= Int(middle[index &+ 2]) &* weights[tap]
                            }
                            let index = start &+ x &* 3
                            pixels[index] = UInt8(truncatingIfNeeded: red >> 24)
                            pixels[index &+ 1] = UInt8(truncatingIfNeeded: green >> 24)
                            pixels[index &+ 2] = UInt8(truncatingIfNeeded: blue >> 24)
                        }
                    }
                }
            }
        }
    }
}
