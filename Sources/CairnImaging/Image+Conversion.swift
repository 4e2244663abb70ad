import CairnCore

extension RGBImage {
    /// An image of one colour.
    public init(size: ImageSize, filledWith color: Color = .white) {
        var pixels = [UInt8](repeating: color.red, count: size.pixelCount * 3)
        if color.green != color.red || color.blue != color.red {
            for start in stride(from: 0, to: pixels.count, by: 3) {
                pixels[start + 1] = color.green
                pixels[start + 2] = color.blue
            }
        }
        self.init(size: size, pixels: pixels)
    }

    /// BT.601 luma: 0.299 R + 0.587 G + 0.114 B, rounded; the same as a JPEG's own luma, and as Pillow's mode L.
    public func luma() -> GrayImage {
        let luma = [UInt8](unsafeUninitializedCapacity: size.pixelCount) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                for index in target.indices {
                    let red = UInt32(source[3 * index]) &* 19595
                    let green = UInt32(source[3 * index &+ 1]) &* 38470
                    let blue = UInt32(source[3 * index &+ 2]) &* 7471
                    target[index] = UInt8(truncatingIfNeeded: (red &+ green &+ blue &+ 0x8000) &>> 16)
                }
            }
            initialized = target.count
        }
        return GrayImage(size: size, pixels: luma)
    }
}

extension GrayImage {
    /// The same shades in three equal channels.
    public func rgb() -> RGBImage {
        let channels = [UInt8](unsafeUninitializedCapacity: size.pixelCount * 3) { target, initialized in
            for (index, value) in pixels.enumerated() {
                target[3 * index] = value
                target[3 * index + 1] = value
                target[3 * index + 2] = value
            }
            initialized = target.count
        }
        return RGBImage(size: size, pixels: channels)
    }
}
