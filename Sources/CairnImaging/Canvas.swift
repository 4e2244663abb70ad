import CairnCore

/// Draws on an image: lines, circles, polygons, text. Edges are antialiased by coverage; blending is in encoded sRGB.
///
/// Coordinates are those of `PixelPoint`. What lies outside the image is clipped; a shape with a coordinate that is not a
/// number, or beyond a billion pixels, is not drawn. Every operation takes time linear in the pixels it touches.
public struct Canvas: Hashable, Sendable {
    /// The image drawn so far.
    public private(set) var image: RGBImage

    /// Starts from an image.
    public init(_ image: RGBImage) { self.image = image }

    /// Starts from an area of one colour.
    public init(size: ImageSize, background: Color = .white) {
        self.init(RGBImage(size: size, filledWith: background))
    }

    /// Width and height, in pixels.
    public var size: ImageSize { image.size }

    // MARK: Images

    /// Puts `other` with its top left corner at column `x`, row `y`; what does not fit is cut off.
    public mutating func drawImage(_ other: RGBImage, x: Int, y: Int) {
        let columns = max(x, 0)..<max(max(x, 0), min(x + other.width, size.width))
        let rows = max(y, 0)..<max(max(y, 0), min(y + other.height, size.height))
        for row in rows {
            let source = ((row - y) * other.width + columns.lowerBound - x) * 3
            let target = (row * size.width + columns.lowerBound) * 3
            image.pixels.replaceSubrange(
                target..<target + columns.count * 3, with: other.pixels[source..<source + columns.count * 3])
        }
    }

    /// Two images beside each other, aligned at the top, on a canvas that holds both.
    ///
    /// - Parameter gap: columns of background between them.
    /// - Returns: the canvas, and the column at which the right image starts.
    public static func sideBySide(
        _ left: RGBImage, _ right: RGBImage, gap: Int = 0, background: Color = .white
    ) -> (canvas: Canvas, rightOrigin: Int) {
        let origin = left.width + gap
        let size = ImageSize(width: origin + right.width, height: max(left.height, right.height))
        var canvas = Canvas(size: size, background: background)
        canvas.drawImage(left, x: 0, y: 0)
        canvas.drawImage(right, x: origin, y: 0)
        return (canvas, origin)
    }

    // MARK: Lines

    /// A straight line with round ends.
    public mutating func drawLine(
        from start: PixelPoint, to end: PixelPoint, color: Color, width: Double = 1, opacity: Double = 1
    ) {
        guard [start.x, start.y, end.x, end.y, width].allSatisfy(Self.isDrawable), width > 0 else { return }
        let reach = width / 2 + 0.5
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let length = dx * dx + dy * dy
        for row in rows(from: min(start.y, end.y) - reach, to: max(start.y, end.y) + reach) {
            let y = Double(row) + 0.5
            // The part of the segment that is within reach of this row bounds the columns.
            var (low, high) = (0.0, 1.0)
            if abs(dy) > 1e-9 {
                let a = (y - reach - start.y) / dy
                let b = (y + reach - start.y) / dy
                (low, high) = (max(0, min(a, b)), min(1, max(a, b)))
            }
            guard low <= high else { continue }
            let (left, right) = (start.x + dx * low, start.x + dx * high)
            for column in columns(from: min(left, right) - reach, to: max(left, right) + reach) {
                let x = Double(column) + 0.5
                let along =
                    length > 0 ? min(max(((x - start.x) * dx + (y - start.y) * dy) / length, 0), 1) : 0
                let (ex, ey) = (x - start.x - dx * along, y - start.y - dy * along)
                blend(column, row, color, (reach - (ex * ex + ey * ey).squareRoot()) * opacity, limit: opacity)
            }
        }
    }

    /// The outline of a closed polygon.
    public mutating func drawPolygon(
        _ corners: [PixelPoint], color: Color, width: Double = 1, opacity: Double = 1
    ) {
        guard let last = corners.last else { return }
        var previous = last
        for corner in corners {
            drawLine(from: previous, to: corner, color: color, width: width, opacity: opacity)
            previous = corner
        }
    }

    // MARK: Circles

    /// A circle's outline.
    public mutating func drawCircle(
        center: PixelPoint, radius: Double, color: Color, width: Double = 1, opacity: Double = 1
    ) {
        let reach = width / 2 + 0.5
        drawDisc(center, radius + reach, color, opacity) { reach - abs($0 - radius) }
    }

    /// A filled circle.
    public mutating func fillCircle(center: PixelPoint, radius: Double, color: Color, opacity: Double = 1) {
        drawDisc(center, radius + 0.5, color, opacity) { radius + 0.5 - $0 }
    }

    /// A keypoint: a circle of its size, with a hand that shows its direction.
    ///
    /// - Parameter angle: radians, growing from x towards y; `nil` leaves the hand out.
    public mutating func drawKeypoint(
        at center: PixelPoint, radius: Double, angle: Double? = nil, color: Color, width: Double = 1,
        opacity: Double = 1
    ) {
        drawCircle(center: center, radius: radius, color: color, width: width, opacity: opacity)
        guard let angle, angle.isFinite else { return }
        let (x, y) = unitVector(angle)
        let end = PixelPoint(x: center.x + radius * x, y: center.y + radius * y)
        drawLine(from: center, to: end, color: color, width: width, opacity: opacity)
    }

    private mutating func drawDisc(
        _ center: PixelPoint, _ reach: Double, _ color: Color, _ opacity: Double, coverage: (Double) -> Double
    ) {
        guard [center.x, center.y, reach].allSatisfy(Self.isDrawable) else { return }
        for row in rows(from: center.y - reach, to: center.y + reach) {
            let dy = Double(row) + 0.5 - center.y
            for column in columns(from: center.x - reach, to: center.x + reach) {
                let dx = Double(column) + 0.5 - center.x
                blend(column, row, color, coverage((dx * dx + dy * dy).squareRoot()) * opacity, limit: opacity)
            }
        }
    }

    // MARK: Pixels

    /// Whether arithmetic on a coordinate or length is safe from overflow.
    static func isDrawable(_ value: Double) -> Bool { abs(value) < 1e9 }

    /// The rows whose pixels a span of y may touch.
    func rows(from low: Double, to high: Double) -> Range<Int> { Self.clip(low, high, size.height) }

    /// The columns whose pixels a span of x may touch.
    func columns(from low: Double, to high: Double) -> Range<Int> { Self.clip(low, high, size.width) }

    private static func clip(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
        let limit = Double(count)
        let start = Int(min(max(low, 0), limit).rounded(.down))
        return start..<max(start, Int(min(max(high, 0), limit).rounded(.up)))
    }

    /// Mixes a colour into one pixel of the image, which must exist. The amount is clamped to 0 ... `limit`.
    mutating func blend(_ column: Int, _ row: Int, _ color: Color, _ amount: Double, limit: Double = 1) {
        let share = min(max(amount, 0), min(limit, 1))
        guard share > 0 else { return }
        let index = (row * size.width + column) * 3
        image.pixels[index] = Self.mix(image.pixels[index], color.red, share)
        image.pixels[index + 1] = Self.mix(image.pixels[index + 1], color.green, share)
        image.pixels[index + 2] = Self.mix(image.pixels[index + 2], color.blue, share)
    }

    private static func mix(_ old: UInt8, _ new: UInt8, _ share: Double) -> UInt8 {
        UInt8((Double(old) + (Double(new) - Double(old)) * share).rounded())
    }
}
