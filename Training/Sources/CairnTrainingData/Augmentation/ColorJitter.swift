import CairnImaging

/// Changes of brightness, contrast, saturation and hue, one after the other in an order of its own.
///
/// The operations are those of torchvision and Pillow: brightness scales samples, contrast moves them from the image's mean luma,
/// saturation from each pixel's luma, hue turns the colour circle of HSV. Here results are rounded, there cut off.
struct ColorJitter: Hashable {
    /// One change.
    enum Change: Hashable {
        /// Samples times this.
        case brightness(Double)
        /// Distances from the mean luma times this.
        case contrast(Double)
        /// Distances from the pixel's luma times this.
        case saturation(Double)
        /// Turned by this share of the circle.
        case hue(Double)
    }

    /// What is done, in order.
    var changes: [Change]

    init(_ changes: [Change]) { self.changes = changes }

    /// Random factors within `1 ± amount`, a random turn within `± hue`, in random order. An amount of 0 does nothing.
    init(brightness: Double, contrast: Double, saturation: Double, hue: Double, _ random: inout TrainingRandom) {
        changes = []
        func factor(_ amount: Double) -> Double { random.uniform(1 - amount, 1 + amount) }
        if brightness > 0 { changes.append(.brightness(factor(brightness))) }
        if contrast > 0 { changes.append(.contrast(factor(contrast))) }
        if saturation > 0 { changes.append(.saturation(factor(saturation))) }
        if hue > 0 { changes.append(.hue(random.uniform(-hue, hue))) }
        random.shuffle(&changes)
    }

    /// Changes an image in place. O(pixels).
    func apply(to image: inout RGBImage) {
        for change in changes {
            switch change {
            case .brightness(let factor): Self.map(&image) { $0 * factor }
            case .contrast(let factor):
                let mean = Self.meanLuma(image)
                Self.map(&image) { mean + ($0 - mean) * factor }
            case .saturation(let factor): Self.saturate(&image, factor)
            case .hue(let turn): Self.turnHue(&image, turn)
            }
        }
    }

    /// The mean of the rounded lumas, itself rounded, as Pillow's contrast takes it.
    private static func meanLuma(_ image: RGBImage) -> Double {
        let sum = image.pixels.withUnsafeBufferPointer { pixels in
            var sum = 0
            for index in stride(from: 0, to: pixels.count, by: 3) {
                sum &+= RGBImage.luma(pixels[index], pixels[index + 1], pixels[index + 2])
            }
            return sum
        }
        return (Double(sum) / Double(max(1, image.size.pixelCount))).rounded()
    }

    /// The same function of every sample, by a table.
    private static func map(_ image: inout RGBImage, _ function: (Double) -> Double) {
        let table = (0..<256).map { UInt8(min(255, max(0, function(Double($0)).rounded()))) }
        table.withUnsafeBufferPointer { table in
            image.pixels.withUnsafeMutableBufferPointer { pixels in
                for index in pixels.indices { pixels[index] = table[Int(pixels[index])] }
            }
        }
    }

    private static func saturate(_ image: inout RGBImage, _ factor: Double) {
        let fixed = Int((factor * 65536).rounded())
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for index in stride(from: 0, to: pixels.count, by: 3) {
                let luma = RGBImage.luma(pixels[index], pixels[index + 1], pixels[index + 2])
                for channel in index..<index &+ 3 {
                    let value = luma &+ ((Int(pixels[channel]) &- luma) &* fixed &+ 32768) >> 16
                    pixels[channel] = UInt8(truncatingIfNeeded: min(255, max(0, value)))
                }
            }
        }
    }

    /// Hue in sixths of the circle is turned; value and chroma stay, so that no division by either is needed to come back.
    private static func turnHue(_ image: inout RGBImage, _ turn: Double) {
        let sixths = Float(turn * 6)
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for index in stride(from: 0, to: pixels.count, by: 3) {
                let (red, green, blue) = (Float(pixels[index]), Float(pixels[index + 1]), Float(pixels[index + 2]))
                let most = max(red, max(green, blue))
                let least = min(red, min(green, blue))
                let chroma = most - least
                guard chroma > 0 else { continue }
                var hue: Float
                if most == red {
                    hue = (green - blue) / chroma
                } else if most == green {
                    hue = (blue - red) / chroma + 2
                } else {
                    hue = (red - green) / chroma + 4
                }
                hue += sixths
                pixels[index] = Self.channel(hue + 5, most, chroma)
                pixels[index + 1] = Self.channel(hue + 3, most, chroma)
                pixels[index + 2] = Self.channel(hue + 1, most, chroma)
            }
        }
    }

    /// A channel of HSV by its trapezoid: `value - chroma * clamp(min(k, 4 - k), 0, 1)`, `k` modulo 6.
    @inline(__always)
    private static func channel(_ place: Float, _ value: Float, _ chroma: Float) -> UInt8 {
        let k = place - 6 * (place / 6).rounded(.down)
        return UInt8(value - chroma * max(0, min(min(k, 4 - k), 1)) + 0.5)
    }
}
