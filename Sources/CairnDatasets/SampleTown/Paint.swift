/// Red, green, blue, opacity; display-referred sRGB, 0 to 1.
typealias Tone = SIMD4<Float>

extension SIMD4<Float> {
    /// From a number like 0xRRGGBB.
    init(hex: UInt32) {
        self.init(Float(hex >> 16 & 255) / 255, Float(hex >> 8 & 255) / 255, Float(hex & 255) / 255, 1)
    }

    /// Darker or lighter, opacity kept.
    @inline(__always)
    func lit(_ gain: Float) -> Tone { Tone(x * gain, y * gain, z * gain, w) }

    /// A blend with another tone.
    @inline(__always)
    func mixed(_ other: Tone, _ amount: Float) -> Tone { self + (other - self) * amount }

    /// The same tone, less opaque.
    func faded(_ opacity: Float) -> Tone { Tone(x, y, z, w * opacity) }
}

/// What a shape is filled with: a tone for each position in metres.
protocol Paint {
    func color(_ x: Float, _ y: Float) -> Tone
}

/// One tone everywhere.
struct FlatPaint: Paint {
    var tone: Tone
    init(_ tone: Tone) { self.tone = tone }

    @inline(__always)
    func color(_ x: Float, _ y: Float) -> Tone { tone }
}

/// A round body lit from the left: shading across, from x0 to x1, over a little noise.
struct TurnedPaint: Paint {
    var tone: Tone
    var x0: Float
    var x1: Float
    var ribs: Float = 0
    var seed: Float = 0

    @inline(__always)
    func color(_ x: Float, _ y: Float) -> Tone {
        let t = saturate((x - x0) / max(1e-4, x1 - x0))
        var gain = 1.16 - 0.62 * t * t - 0.35 * (1 - t) * (1 - t) * (1 - t)
        if ribs > 0 {
            let turned = ribs * (t - 0.5) * (1.35 + (t - 0.5) * (t - 0.5) * 3)
            gain *= 0.9 + 0.2 * abs(turned - turned.rounded())
        }
        return tone.lit(gain + 0.16 * NoiseTile.shared.nearest(x * 31 + seed, y * 23 - seed))
    }
}

/// Window glass: a dim reflection of sky and houses, sometimes a curtain.
struct GlassPaint: Paint {
    var tone: Tone
    var curtain: Tone
    var curtainBelow: Float
    var offset: SIMD2<Float>

    @inline(__always)
    func color(_ x: Float, _ y: Float) -> Tone {
        let reflection = NoiseTile.shared.smooth(x * 9 + offset.x, y * 14 + offset.y - x * 5)
        let glass = tone.lit(1 + 0.75 * max(0, reflection)) + Tone(0.10, 0.13, 0.16, 0) * max(0, reflection - 0.1) * 2
        let folds = 0.86 + 0.14 * NoiseTile.shared.nearest(x * 95 + offset.x, offset.y)
        return y < curtainBelow ? curtain.lit(folds) : glass
    }
}

/// Leaves, ivy, hedges: blotches of light and dark, with ragged edges where noise eats the opacity away.
struct FoliagePaint: Paint {
    var tone: Tone
    var grain: Float
    var raggedness: Float
    var offset: SIMD2<Float>

    @inline(__always)
    func color(_ x: Float, _ y: Float) -> Tone {
        let fine = NoiseTile.shared.smooth(x * grain + offset.x, y * grain + offset.y)
        let coarse = NoiseTile.shared.smooth(x * grain * 0.21 - offset.y, y * grain * 0.21 + offset.x)
        let gain = 0.92 + 0.75 * fine + 0.35 * coarse
        let opacity = saturate((fine + 0.6 * coarse + 1 - raggedness) * 5)
        return Tone(tone.x * (gain + 0.12 * fine), tone.y * gain, tone.z * gain, tone.w * opacity)
    }
}

/// A regular two-tone pattern for banners, awnings, mosaics and modern panels.
struct PatternPaint: Paint {
    enum Kind: Sendable, CaseIterable { case stripes, bands, checks, diamonds, patchwork, waves }
    var kind: Kind
    var tones: [Tone]
    var unit: Float
    var seed: UInt32

    @inline(__always)
    func color(_ x: Float, _ y: Float) -> Tone {
        let u = x / unit
        let v = y / unit
        let index: UInt32
        switch kind {
        case .stripes: index = UInt32(bitPattern: floorInt(u))
        case .bands: index = UInt32(bitPattern: floorInt(v))
        case .checks: index = UInt32(bitPattern: floorInt(u) &+ floorInt(v))
        case .diamonds: index = UInt32(bitPattern: floorInt(u + v) &+ floorInt(u - v))
        case .patchwork: index = latticeHash(floorInt(u), floorInt(v), seed)
        case .waves:
            let wave = abs(u - 2 * (u / 2).rounded()) - 0.5
            index = UInt32(bitPattern: floorInt(v + wave * 0.8))
        }
        return tones[Int(index % UInt32(tones.count))]
    }
}
