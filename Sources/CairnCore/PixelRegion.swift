/// A rectangle of an upright photo, in its pixels; edges lie between pixels, so that the whole of a photo is 0 … width, 0 … height.
public struct PixelRegion: Hashable, Sendable, Codable {
    /// The left edge.
    public var x0: Double
    /// The upper edge.
    public var y0: Double
    /// The right edge.
    public var x1: Double
    /// The lower edge.
    public var y1: Double

    /// Makes a region.
    public init(x0: Double, y0: Double, x1: Double, y1: Double) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
    }

    /// The longer of the two sides.
    public var longSide: Double { max(x1 - x0, y1 - y0) }

    /// Whole columns and rows of the region in a photo that was `size` and is now `reduced`, as far as they are inside; `nil`
    /// when nothing of it is.
    public func pixels(of size: ImageSize, in reduced: ImageSize) -> (columns: Range<Int>, rows: Range<Int>)? {
        func range(_ low: Double, _ high: Double, _ length: Int, _ target: Int) -> Range<Int>? {
            guard low.isFinite, high.isFinite, low < high, low < Double(length), high > 0 else { return nil }
            let scale = Double(target) / Double(length)
            let first = min(Int((max(0, low) * scale).rounded()), target - 1)
            let last = Int((min(Double(length), high) * scale).rounded())
            return first..<max(first + 1, last)
        }
        guard let columns = range(x0, x1, size.width, reduced.width),
            let rows = range(y0, y1, size.height, reduced.height)
        else { return nil }
        return (columns, rows)
    }
}
