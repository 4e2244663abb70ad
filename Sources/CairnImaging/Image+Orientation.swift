import CairnCore

extension GrayImage {
    /// The image as it is to be seen, when it is stored with `orientation`.
    public func oriented(_ orientation: ImageOrientation) -> GrayImage {
        guard orientation != .up else { return self }
        let (size, pixels) = orient(pixels, size, orientation, channels: 1)
        return GrayImage(size: size, pixels: pixels)
    }
}

extension RGBImage {
    /// The image as it is to be seen, when it is stored with `orientation`.
    public func oriented(_ orientation: ImageOrientation) -> RGBImage {
        guard orientation != .up else { return self }
        let (size, pixels) = orient(pixels, size, orientation, channels: 3)
        return RGBImage(size: size, pixels: pixels)
    }
}

/// Every target pixel (x, y) is the source pixel `origin + x * alongX + y * alongY`.
private func orient(
    _ pixels: [UInt8], _ size: ImageSize, _ orientation: ImageOrientation, channels: Int
) -> (ImageSize, [UInt8]) {
    let (width, height) = (size.width, size.height)
    let target = orientation.swapsAxes ? ImageSize(width: height, height: width) : size
    let right = width - 1
    let bottom = (height - 1) * width
    let (origin, alongX, alongY) =
        switch orientation {
        case .up: (0, 1, width)
        case .upMirrored: (right, -1, width)
        case .down: (bottom + right, -1, -width)
        case .downMirrored: (bottom, 1, -width)
        case .leftMirrored: (0, width, 1)
        case .right: (bottom, -width, 1)
        case .rightMirrored: (bottom + right, -width, -1)
        case .left: (right, width, -1)
        }
    let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { buffer, initialized in
        pixels.withUnsafeBufferPointer { source in
            var index = 0
            for y in 0..<target.height {
                var from = (origin + y * alongY) * channels
                for _ in 0..<target.width {
                    for channel in 0..<channels { buffer[index &+ channel] = source[from &+ channel] }
                    index &+= channels
                    from &+= alongX &* channels
                }
            }
        }
        initialized = pixels.count
    }
    return (target, turned)
}
