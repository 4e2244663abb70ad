import CairnCore

/// An 8-bit sRGB image: row-major, interleaved R, G, B, no padding, 0 to 255.
public struct RGBImage: Hashable, Sendable {
    /// Width and height, in pixels.
    public let size: ImageSize

    /// `height * width * 3` samples; channel c of column x, row y is at `(y * width + x) * 3 + c`.
    public var pixels: [UInt8]

    /// Pixels in a row.
    public var width: Int { size.width }

    /// Rows.
    public var height: Int { size.height }

    /// Wraps samples. Traps when their number is not `width * height * 3`.
    public init(size: ImageSize, pixels: [UInt8]) {
        precondition(pixels.count == size.pixelCount * 3, "\(pixels.count) samples for RGB \(size)")
        self.size = size
        self.pixels = pixels
    }
}
