/// How a wall is built. Each kind has its own courses, joints and irregularities.
enum Masonry: Int, Sendable, CaseIterable {
    case brick, ashlar, plaster, rubble, striped, panels, planks, tiles
}

/// A wall that no other wall equals: units hashed one by one, stains, streaks below ledges, grime towards the foot.
struct MasonryPaint: Paint {
    let masonry: Masonry
    let base: Tone
    let second: Tone
    let joint: Tone
    let unit: SIMD2<Float>
    let jointWidth: Float
    let seed: UInt32
    let scale: Float
    let variation: Float
    private let offset: SIMD2<Float>
    private let noise = NoiseTile.shared

    /// `scale` is the canvas's pixels to a metre: units are never smaller than a few of its pixels.
    init(_ masonry: Masonry, base: Tone, second: Tone, scale: Float, random: inout SplitMix64) {
        self.masonry = masonry
        self.base = base
        self.second = second
        self.scale = scale
        let real: SIMD2<Float>
        switch masonry {
        case .brick: (real, jointWidth, variation) = ([0.36, 0.13], 0.025, 0.34)
        case .ashlar: (real, jointWidth, variation) = ([0.95, 0.45], 0.03, 0.17)
        case .plaster: (real, jointWidth, variation) = ([4, 4], 0, 0)
        case .rubble: (real, jointWidth, variation) = ([0.5, 0.3], 0.06, 0.4)
        case .striped: (real, jointWidth, variation) = ([0.9, 0.5], 0.025, 0.12)
        case .panels: (real, jointWidth, variation) = ([1.5, 1.1], 0.04, 0.14)
        case .planks: (real, jointWidth, variation) = ([3.1, 0.22], 0.03, 0.2)
        case .tiles: (real, jointWidth, variation) = ([0.3, 0.26], 0.04, 0.35)
        }
        let smallest = 3.4 / scale
        unit = SIMD2(max(real.x, smallest * 1.7), max(real.y, smallest))
        joint = base.mixed(masonry == .brick ? Tone(0.80, 0.77, 0.72, 1) : Tone(0.25, 0.23, 0.21, 1), 0.55)
        seed = UInt32(truncatingIfNeeded: random.next())
        offset = SIMD2(random.float(0...256), random.float(0...256))
    }

    @inline(__always)
    func color(_ x: Float, _ y: Float) -> Tone {
        let stain = noise.smooth(x * 5.3 + offset.x, y * 5.3 + offset.y)
        let fine = noise.nearest(x * 47 + offset.y, y * 47 + offset.x)
        let streak = noise.nearest(x * 23 - offset.x, y * 2.3 + offset.y)
        let grime = 0.13 * saturate(1 - y * 0.45)
        var gain = 0.985 + 0.13 * stain + 0.07 * fine + 0.07 * streak - grime
        var tone = base
        guard masonry != .plaster else {
            // Where plaster has come off, bricks show.
            let bare = saturate((stain + 0.35 * noise.nearest(x * 16 + offset.y, y * 16) - 0.72) * 9)
            if bare > 0 {
                let row = floorInt(y / 0.14)
                let brick = latticeUnit(floorInt(x / 0.3 + Float(row & 1) * 0.5), row, seed)
                tone = tone.mixed(second.lit(0.55 + 0.4 * brick), bare * 0.85)
            }
            return tone.lit(gain)
        }
        let v = y / unit.y
        let row = floorInt(v)
        let shift: Float
        switch masonry {
        case .panels: shift = 0
        case .rubble, .planks: shift = latticeUnit(row, 77, seed)
        default: shift = Float(row & 1) * 0.5
        }
        var u = x / unit.x + shift
        if masonry == .rubble { u += 0.35 * noise.smooth(x * 12 + offset.x, y * 9) }
        let column = floorInt(u)
        let dx = min(u - Float(column), Float(column + 1) - u) * unit.x
        let dy = min(v - Float(row), Float(row + 1) - v) * unit.y
        let chance = latticeUnit(column, row, seed)
        gain += variation * (chance - 0.5)
        if masonry == .striped, row & 1 == 0 { tone = second }
        if chance > 0.94 { tone = tone.mixed(second, 0.5) }
        if masonry == .tiles { gain += 0.25 * (v - Float(row)) - 0.12 }
        let distance = masonry == .tiles ? dy : min(dx, dy)
        // Joints narrower than a pixel keep their share of it.
        let jointShare = saturate((jointWidth / 2 - distance) * scale + 0.5) * min(1, jointWidth * scale + 0.25)
        let lip: Float = v - Float(row) > 0.8 ? 0.05 : 0
        return tone.lit(gain + lip).mixed(joint.lit(0.9 + 0.2 * stain), jointShare * 0.75)
    }
}
