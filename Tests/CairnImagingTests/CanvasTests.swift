import CairnCore
import Testing

@testable import CairnImaging

@Suite struct CanvasTests {
    private func ink(_ canvas: Canvas) -> Double {
        // On a white canvas, black ink: how many pixels' worth of it.
        canvas.image.pixels.reduce(0) { $0 + Double(255 - Int($1)) } / (3 * 255)
    }

    private func blank(_ side: Int = 60) -> Canvas { Canvas(size: ImageSize(width: side, height: side)) }

    @Test("a line holds as much ink as its area")
    func lineArea() {
        for (x, y) in [(50.0, 10.0), (50, 31.7), (33, 50), (10, 50)] {
            var canvas = blank()
            canvas.drawLine(from: PixelPoint(x: 10, y: 10), to: PixelPoint(x: x, y: y), color: .black, width: 3)
            let length = ((x - 10) * (x - 10) + (y - 10) * (y - 10)).squareRoot()
            let area = length * 3 + 9 * Double.pi / 4
            #expect(abs(ink(canvas) - area) < 0.04 * area)
        }
    }

    @Test("a filled polygon holds as much ink as its area, translucent half as much")
    func polygonArea() {
        let corners = [(10.25, 5.5), (50.75, 20), (30, 55.25)].map { PixelPoint(x: $0.0, y: $0.1) }
        let (a, b, c) = (corners[0], corners[1], corners[2])
        let area = abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2
        var canvas = blank()
        canvas.fillPolygon(corners, color: .black)
        #expect(abs(ink(canvas) - area) < 0.01 * area)
        canvas = blank()
        canvas.fillPolygon(corners, color: .black, opacity: 0.5)
        #expect(abs(ink(canvas) - area / 2) < 0.01 * area)
    }

    @Test("circles hold as much ink as their areas, and keypoints a hand more")
    func circles() {
        var canvas = blank()
        canvas.fillCircle(center: PixelPoint(x: 30.3, y: 29.6), radius: 12, color: .black)
        #expect(abs(ink(canvas) - Double.pi * 144) < 3)
        canvas = blank()
        canvas.drawCircle(center: PixelPoint(x: 30, y: 30), radius: 12, color: .black, width: 2)
        let outline = ink(canvas)
        #expect(abs(outline - 2 * Double.pi * 24) < 3)
        canvas.drawKeypoint(at: PixelPoint(x: 30, y: 30), radius: 12, angle: 0, color: .black, width: 2)
        #expect(ink(canvas) > outline + 15)
        // Angle 0 points to the right.
        #expect(canvas.image.pixels[(30 * 60 + 36) * 3] < 100)
        #expect(canvas.image.pixels[(30 * 60 + 24) * 3] == 255)
    }

    @Test("drawing outside, or with impossible numbers, changes nothing and traps nowhere")
    func clipping() {
        var canvas = blank(20)
        let impossible = [Double.nan, .infinity, 1e300, -1e308]
        for value in impossible {
            let point = PixelPoint(x: value, y: 5)
            canvas.drawLine(from: point, to: PixelPoint(x: 5, y: -value), color: .black)
            canvas.fillPolygon([point, PixelPoint(x: 1, y: 1), PixelPoint(x: 9, y: 3)], color: .black)
            canvas.drawCircle(center: point, radius: value, color: .black)
            canvas.drawText("a", at: point, color: .black)
        }
        canvas.drawLine(from: PixelPoint(x: -50, y: -9), to: PixelPoint(x: 90, y: -9), color: .black)
        canvas.drawText("far away", at: PixelPoint(x: 400, y: -100), color: .black)
        canvas.drawImage(RGBImage(size: ImageSize(width: 3, height: 3), filledWith: .black), x: -3, y: 20)
        #expect(canvas == blank(20))
        // Partly outside is clipped.
        canvas.drawLine(from: PixelPoint(x: -1e6, y: 10.5), to: PixelPoint(x: 1e6, y: 10.5), color: .black)
        #expect(abs(ink(canvas) - 20) < 0.01)
    }

    @Test("text is drawn dot by dot")
    func text() {
        var canvas = Canvas(size: ImageSize(width: 12, height: 8))
        canvas.drawText("T-", at: PixelPoint(x: 0, y: 0), color: .black)
        let rows = (0..<8).map { y in
            String((0..<12).map { x in canvas.image.pixels[(y * 12 + x) * 3] == 0 ? "#" : "." })
        }
        #expect(
            rows == [
                "#####.......", "..#.........", "..#.........", "..#....###..", "..#.........", "..#.........",
                "..#.........", "............",
            ])
        #expect(Canvas.textSize("ab\nabc", scale: 2) == ImageSize(width: 36, height: 40))
    }

    @Test("every printable character has a glyph of its own")
    func glyphs() {
        let glyphs = (32..<128).map { code in
            (0..<BitmapFont.height).flatMap { row in
                (0..<BitmapFont.width).map { column in
                    let character = Character(UnicodeScalar(UInt8(code)))
                    return BitmapFont.isSet(character, column: column, row: row)
                }
            }
        }
        #expect(Set(glyphs).count == 96)
        #expect(!glyphs[0].contains(true))
    }

    @Test("two images stand side by side")
    func sideBySide() {
        let left = RGBImage(size: ImageSize(width: 3, height: 2), filledWith: .red)
        let right = RGBImage(size: ImageSize(width: 2, height: 4), filledWith: .blue)
        let (canvas, origin) = Canvas.sideBySide(left, right, gap: 1, background: .black)
        #expect(origin == 4)
        #expect(canvas.size == ImageSize(width: 6, height: 4))
        func color(_ x: Int, _ y: Int) -> [UInt8] { Array(canvas.image.pixels[(y * 6 + x) * 3..<(y * 6 + x) * 3 + 3]) }
        #expect(color(2, 1) == [230, 57, 70])
        #expect(color(2, 2) == [0, 0, 0])
        #expect(color(3, 0) == [0, 0, 0])
        #expect(color(5, 3) == [58, 134, 255])
    }
}
