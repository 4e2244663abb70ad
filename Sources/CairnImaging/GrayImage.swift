import CairnCore

/// An 8-bit luma image (BT.601 from sRGB): row-major, no padding, 0 black to 255 white.
public struct GrayImage: Hashable, Sendable {
    /// Width and height, in pixels.
    public let size: ImageSize

    /// `height * width` samples; the sample of column x, row y is at `y * width + x`.
    public var pixels: [UInt8]

    /// Pixels in a row.
    public var width: Int { size.width }

    /// Rows.
    public var height: Int { size.height }

    /// Wraps samples. Traps when their number is not `width * height`.
    public init(size: ImageSize, pixels: [UInt8]) {
        precondition(pixels.count == size.pixelCount, "\(pixels.count) samples for \(size)")
        self.size = size
        self.pixels = pixels
    }

    /// An image of one shade.
    public init(size: ImageSize, filledWith value: UInt8 = 0) {
        self.init(size: size, pixels: [UInt8](repeating: value, count: size.pixelCount))
    }
}
