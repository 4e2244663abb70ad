/// A picture under construction: four floats a pixel, red, green, blue premultiplied by the fourth, coverage; 0 to 1.
///
/// Things are painted in metres, x to the right and y upwards; `place` says where. Not for use from several threads.
final class Canvas {
    let width: Int
    let height: Int

    /// Row-major, top row first.
    let pixels: UnsafeMutablePointer<SIMD4<Float>>

    /// How much each pixel shines by itself at night, 0 to 1; nil where nothing does.
    let glow: UnsafeMutablePointer<Float>?

    /// Pixels to a metre.
    private(set) var scale: Float
    private var originX: Float
    private var originY: Float

    /// A clear canvas. `left` and `top` are the metre coordinates of its top left corner.
    init(width: Int, height: Int, scale: Float, left: Float = 0, top: Float, glows: Bool = false) {
        precondition(width > 0 && height > 0, "canvas of \(width) x \(height)")
        self.width = width
        self.height = height
        self.scale = scale
        originX = -left * scale
        originY = top * scale
        pixels = .allocate(capacity: width * height)
        pixels.initialize(repeating: .zero, count: width * height)
        if glows {
            let buffer = UnsafeMutablePointer<Float>.allocate(capacity: width * height)
            buffer.initialize(repeating: 0, count: width * height)
            glow = buffer
        } else {
            glow = nil
        }
    }

    deinit {
        pixels.deallocate()
        glow?.deallocate()
    }

    /// From now on, the metre coordinates (0, 0) lie at this pixel position.
    func place(x: Float, y: Float, scale: Float) {
        originX = x
        originY = y
        self.scale = scale
    }

    /// Paints a shape; `opacity` multiplies the paint's own.
    @inline(__always)
    func fill<S: Shape, P: Paint>(_ shape: S, _ paint: P, opacity: Float = 1, glow light: Float? = nil) {
        visit(shape, margin: 0.5 / scale) { index, x, y, distance in
            let coverage = saturate(0.5 - distance * scale) * opacity
            guard coverage > 0 else { return }
            let color = paint.color(x, y)
            let alpha = color.w * coverage
            let source = SIMD4<Float>(color.x, color.y, color.z, 1) * alpha
            pixels[index] = source + pixels[index] * (1 - alpha)
            if let glow { glow[index] = (light ?? 0) * alpha + glow[index] * (1 - alpha) }
        }
    }

    /// Multiplies what is there by `factor`, fading over `feather` metres outside the shape: shadows and highlights.
    @inline(__always)
    func shade<S: Shape>(_ shape: S, factor: Float, feather: Float = 0) {
        let soft = max(feather, 1 / scale)
        visit(shape, margin: soft) { index, _, _, distance in
            let coverage = saturate(0.5 - distance / soft)
            let gain = 1 + (factor - 1) * coverage
            let pixel = pixels[index]
            pixels[index] = SIMD4<Float>(pixel.x * gain, pixel.y * gain, pixel.z * gain, pixel.w)
        }
    }

    /// Cuts a hole.
    @inline(__always)
    func erase<S: Shape>(_ shape: S) {
        visit(shape, margin: 0.5 / scale) { index, _, _, distance in
            let kept = 1 - saturate(0.5 - distance * scale)
            pixels[index] *= kept
            if let glow { glow[index] *= kept }
        }
    }

    /// Calls `body` with index, metre coordinates and distance of each pixel that the shape, grown by a margin, may touch.
    @inline(__always)
    private func visit<S: Shape>(_ shape: S, margin: Float, _ body: (Int, Float, Float, Float) -> Void) {
        let bounds = shape.bounds
        let firstX = max(0, pixelIndex((bounds.minX - margin) * scale + originX))
        let lastX = min(width - 1, pixelIndex((bounds.maxX + margin) * scale + originX))
        let firstY = max(0, pixelIndex(originY - (bounds.maxY + margin) * scale))
        let lastY = min(height - 1, pixelIndex(originY - (bounds.minY - margin) * scale))
        guard firstX <= lastX, firstY <= lastY else { return }
        let step = 1 / scale
        for row in firstY...lastY {
            let y = (originY - Float(row) - 0.5) * step
            var index = row * width + firstX
            for column in firstX...lastX {
                let x = (Float(column) + 0.5 - originX) * step
                body(index, x, y, shape.distance(x, y))
                index += 1
            }
        }
    }

    private func pixelIndex(_ position: Float) -> Int { Int(max(-1e6, min(1e6, position)).rounded(.down)) }
}
