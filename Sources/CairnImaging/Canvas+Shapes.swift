import CairnCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The direction of an angle in radians.
func unitVector(_ angle: Double) -> (x: Double, y: Double) { (cos(angle), sin(angle)) }

extension Canvas {
    /// The inside of a polygon, by the even-odd rule; it may cross itself.
    ///
    /// Coverage is exact along a row and sampled at four heights within it.
    public mutating func fillPolygon(_ corners: [PixelPoint], color: Color, opacity: Double = 1) {
        guard corners.count >= 3, corners.allSatisfy({ Self.isDrawable($0.x) && Self.isDrawable($0.y) }) else { return }
        let samples = 4
        let heights = corners.map(\.y)
        var coverage = [Double](repeating: 0, count: size.width)
        for row in rows(from: heights.min() ?? 0, to: heights.max() ?? 0) {
            var touched = size.width..<size.width
            for sample in 0..<samples {
                let y = Double(row) + (Double(sample) + 0.5) / Double(samples)
                let crossings = Self.crossings(of: corners, atHeight: y)
                for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                    let (left, right) = (crossings[pair], crossings[pair + 1])
                    let span = columns(from: left, to: right)
                    for column in span {
                        let covered = min(right, Double(column + 1)) - max(left, Double(column))
                        coverage[column] += max(covered, 0) / Double(samples)
                    }
                    if !span.isEmpty {
                        touched =
                            touched.isEmpty
                            ? span
                            : min(touched.lowerBound, span.lowerBound)..<max(touched.upperBound, span.upperBound)
                    }
                }
            }
            for column in touched {
                blend(column, row, color, coverage[column] * opacity, limit: opacity)
                coverage[column] = 0
            }
        }
    }

    /// Where a polygon's edges cross a horizontal line, from left to right.
    private static func crossings(of corners: [PixelPoint], atHeight y: Double) -> [Double] {
        var crossings: [Double] = []
        var previous = corners[corners.count - 1]
        for corner in corners {
            if (previous.y <= y) != (corner.y <= y) {
                let share = (y - previous.y) / (corner.y - previous.y)
                crossings.append(previous.x + share * (corner.x - previous.x))
            }
            previous = corner
        }
        return crossings.sorted()
    }

    /// Text in a fixed-width font of 5 x 8 dots; line breaks start a new line, characters outside ASCII show as boxes.
    ///
    /// - Parameters:
    ///   - point: the top left corner of the text, rounded to whole pixels.
    ///   - scale: pixels in a dot's side.
    ///   - background: the colour of a box behind the text; `nil` for none.
    public mutating func drawText(
        _ text: String, at point: PixelPoint, color: Color, scale: Int = 1, background: Color? = nil
    ) {
        guard Self.isDrawable(point.x), Self.isDrawable(point.y), scale > 0 else { return }
        let (left, top) = (Int(point.x.rounded()), Int(point.y.rounded()))
        if let background {
            let size = Self.textSize(text, scale: scale)
            fill(left - 2 * scale, top - scale, size.width + 3 * scale, size.height + scale, background)
        }
        var (column, line) = (0, 0)
        for character in text {
            if character.isNewline {
                (column, line) = (0, line + 1)
                continue
            }
            let x = left + column * BitmapFont.advance * scale
            let y = top + line * BitmapFont.lineHeight * scale
            column += 1
            guard x < size.width, y < size.height else { continue }
            for row in 0..<BitmapFont.height {
                for dot in 0..<BitmapFont.width where BitmapFont.isSet(character, column: dot, row: row) {
                    fill(x + dot * scale, y + row * scale, scale, scale, color)
                }
            }
        }
    }

    /// The pixels that `drawText` covers, from the top left corner, without a background.
    public static func textSize(_ text: String, scale: Int = 1) -> ImageSize {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let longest = lines.map(\.count).max() ?? 0
        return ImageSize(
            width: longest * BitmapFont.advance * scale, height: lines.count * BitmapFont.lineHeight * scale)
    }

    private mutating func fill(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ color: Color) {
        for row in max(y, 0)..<max(max(y, 0), min(y + height, size.height)) {
            for column in max(x, 0)..<max(max(x, 0), min(x + width, size.width)) { blend(column, row, color, 1) }
        }
    }
}
