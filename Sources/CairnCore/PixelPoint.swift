/// A position in an image, in pixels. The centre of the top left pixel is at (0.5, 0.5); x grows to the right, y down.
public struct PixelPoint: Hashable, Sendable, Codable {
    /// Pixels from the left edge of the image.
    public var x: Double

    /// Pixels from the top edge of the image.
    public var y: Double

    /// Makes a point from its coordinates.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// Squared Euclidean distance to another point, in square pixels.
    @inlinable
    public func squaredDistance(to other: PixelPoint) -> Double {
        let dx = x - other.x
        let dy = y - other.y
        return dx * dx + dy * dy
    }
}
