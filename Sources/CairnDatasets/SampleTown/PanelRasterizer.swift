/// A soft shadow that something outside the picture throws on a plane: the half plane nx * u + ny * v > offset, in texels.
struct CastShadow {
    var nx: Float
    var ny: Float
    var offset: Float
    var softness: Float
    var factor: Float
}

/// Draws textured planes into a view.
enum PanelRasterizer {
    /// Draws `texture` over the canvas. `map` takes texture pixels to view pixels. O(pixels inside the plane's outline).
    ///
    /// Bilinear in the halved copy nearest to the view's own resolution; the plane's edges are antialiased analytically.
    static func draw(
        _ texture: MipTexture, map: PlaneMap, gain: Tone, glow: Tone, shadow: CastShadow? = nil, on canvas: Canvas
    ) {
        let corners = [(0, 0), (1, 0), (0, 1), (1, 1)].map {
            map.project(x: Double($0.0 * texture.width), y: Double($0.1 * texture.height))
        }
        guard let inverse = map.inverse, let nearest = corners.max(by: { $0.w < $1.w }), nearest.w > 0.05 else {
            return
        }
        // Normalised so that the third coordinate is positive in front of the camera.
        let sign: Double = inverse.project(x: nearest.x, y: nearest.y).w < 0 ? -1 : 1
        let m = inverse.elements.map { Float($0 * sign) }
        func limited(_ value: Double, _ limit: Int) -> Int { Int(max(0, min(Double(limit), value))) }
        var (x0, x1, y0, y1) = (0, canvas.width, 0, canvas.height)
        if corners.allSatisfy({ $0.w > 0.05 }) {
            x0 = limited((corners.map(\.x).min() ?? 0) - 1, canvas.width)
            x1 = limited((corners.map(\.x).max() ?? 0) + 2, canvas.width)
            y0 = limited((corners.map(\.y).min() ?? 0) - 1, canvas.height)
            y1 = limited((corners.map(\.y).max() ?? 0) + 2, canvas.height)
        }
        guard x0 < x1, y0 < y1 else { return }
        let glows = !texture.glow.isEmpty && glow.x > 0
        texture.texels.withUnsafeBufferPointer { texels in
            texture.glow.withUnsafeBufferPointer { light in
                texture.levels.withUnsafeBufferPointer { levels in
                    for y in y0..<y1 {
                        drawRow(
                            y, x0: x0, x1: x1, m: m, texels: texels, light: glows ? light : nil, levels: levels,
                            gain: gain, glow: glow, shadow: shadow, canvas: canvas)
                    }
                }
            }
        }
    }

    private static func drawRow(
        _ y: Int, x0: Int, x1: Int, m: [Float], texels: UnsafeBufferPointer<UInt32>,
        light: UnsafeBufferPointer<UInt8>?, levels: UnsafeBufferPointer<MipTexture.Level>, gain: Tone, glow: Tone,
        shadow: CastShadow?, canvas: Canvas
    ) {
        let (m0, m3, m6) = (m[0], m[3], m[6])
        let (m1, m4, m7) = (m[1], m[4], m[7])
        let py = Float(y) + 0.5
        let px = Float(x0) + 0.5
        var u = m0 * px + m1 * py + m[2]
        var v = m3 * px + m4 * py + m[5]
        var w = m6 * px + m7 * py + m[8]
        let width = Float(levels[0].width)
        let height = Float(levels[0].height)
        let output = canvas.pixels + y * canvas.width
        let gains = Tone(gain.x, gain.y, gain.z, 1) * (1 / 255)
        for x in x0..<x1 {
            defer {
                u += m0
                v += m3
                w += m6
            }
            guard w > 1e-9 else { continue }
            let s = 1 / w
            let tu = u * s
            let tv = v * s
            // Texels that one pixel spans across and down.
            let ux = (m0 - tu * m6) * s
            let vx = (m3 - tv * m6) * s
            let uy = (m1 - tu * m7) * s
            let vy = (m4 - tv * m7) * s
            let spanU = max(abs(ux), abs(uy))
            let spanV = max(abs(vx), abs(vy))
            let inside = min(min(tu, width - tu) / max(spanU, 1e-6), min(tv, height - tv) / max(spanV, 1e-6))
            let edge = saturate(inside + 0.5)
            guard edge > 0 else { continue }
            let area = max(1e-6, abs(ux * vy - uy * vx))
            // Half the base-2 logarithm of the area, from the exponent: 1.7 texels a pixel and more halve the texture.
            let step = max(0, Int((area * 1.4).exponent) / 2)
            let index = min(levels.count - 1, area > 0.71 ? step : 0)
            let level = levels[index]
            let shrink = Float(1) / Float(1 << index)
            let fx = max(0, min(Float(level.width) - 1.001, tu * shrink - 0.5))
            let fy = max(0, min(Float(level.height) - 1.001, tv * shrink - 0.5))
            let ix = Int(fx)
            let iy = Int(fy)
            let wx = UInt32((fx - Float(ix)) * 256)
            let wy = UInt32((fy - Float(iy)) * 256)
            let right = ix + 1 < level.width ? 1 : 0
            let below = iy + 1 < level.height ? level.width : 0
            let at = level.offset + iy * level.width + ix
            let top = MipTexture.blend(texels[at], texels[at + right], wx)
            let bottom = MipTexture.blend(texels[at + below], texels[at + below + right], wx)
            let texel = MipTexture.blend(top, bottom, wy)
            guard texel >> 24 > 0 else { continue }
            var color =
                Tone(Float(texel & 255), Float(texel >> 8 & 255), Float(texel >> 16 & 255), Float(texel >> 24)) * gains
            if let shadow {
                let depth = shadow.nx * tu + shadow.ny * tv - shadow.offset
                let shade = 1 + (shadow.factor - 1) * saturate(depth * shadow.softness + 0.5)
                color = Tone(color.x * shade, color.y * shade, color.z * shade, color.w)
            }
            if let light {
                let shine = Float(light[at]) * (1 / 255)
                color += Tone(glow.x, glow.y, glow.z, 0) * (shine * 0.85)
            }
            output[x] = color * edge + output[x] * (1 - color.w * edge)
        }
    }
}
