/// Width and height of an image, in pixels.
public struct ImageSize: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Pixels in a row.
    public var width: Int

    /// Rows.
    public var height: Int

    /// Makes a size.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The longer of the two sides.
    public var longSide: Int { max(width, height) }

    /// The number of pixels.
    public var pixelCount: Int { width * height }

    /// The usual "1024x768".
    public var description: String { "\(width)x\(height)" }

    /// The size that fits `longSide` without enlarging: sides are rounded, and never less than one pixel.
    public func fitted(toLongSide limit: Int) -> ImageSize {
        guard longSide > limit else { return self }
        let scale = Double(limit) / Double(longSide)
        return ImageSize(
            width: max(1, Int((Double(width) * scale).rounded())),
            height: max(1, Int((Double(height) * scale).rounded())))
    }
}
