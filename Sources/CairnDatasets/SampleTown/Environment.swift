/// Everything around a building that reaches to the horizon: sky, clouds, hills, ground.
struct Environment {
    /// What one walks on.
    enum Ground: CaseIterable { case cobbles, slabs, grass, asphalt, gravel }

    let light: SceneLight
    let ground: Ground
    let tone: Tone
    private let hash: UInt32
    private let offset: SIMD2<Float>
    private let hillHeight: Float
    private let hillTone: Tone
    private let cloudScale: Float
    private let cover: Float
    private let isNight: Bool
    private let isPark: Bool
    private let kerb: Float

    /// The surroundings that belong to `place` (a landmark's seed), with the sky of one view.
    init(place: UInt64, inPark: Bool, time: TimeOfDay, random: inout SplitMix64) {
        var fixed = SplitMix64(seed: place, path: 60)
        light = SceneLight(time)
        ground = inPark ? fixed.pick([.grass, .grass, .gravel]) : fixed.pick([.cobbles, .slabs, .asphalt, .cobbles])
        switch ground {
        case .grass: tone = Tone(hex: fixed.pick([0x6F8F45, 0x7C9A4E, 0x5E7F43]))
        case .gravel: tone = Tone(hex: fixed.pick([0xC9B68F, 0xB8AA90]))
        case .asphalt: tone = Tone(hex: fixed.pick([0x77777A, 0x8A8783]))
        default: tone = Tone(hex: fixed.pick([0xA59C8E, 0xB5A58F, 0x948F8A, 0xA88F7C]))
        }
        hash = UInt32(truncatingIfNeeded: fixed.next())
        hillHeight = fixed.float(0.02...0.14)
        hillTone = Tone(hex: fixed.pick([0x6C8A6A, 0x7B8FA3, 0x86925F, 0x5F7D7A]))
        offset = SIMD2(random.float(0...256), random.float(0...256))
        cloudScale = random.float(22...60)
        cover = light.cloudiness + random.float(-0.3...0.3)
        isNight = time == .night
        isPark = inPark
        kerb = fixed.float(2...4.5)
    }

    /// Fills the whole canvas.
    func paint(on canvas: Canvas, pose: CameraPose) {
        let center = pose.center
        let origin = pose.ray(x: 0.5, y: 0.5)
        let stepX = pose.ray(x: 1.5, y: 0.5) - origin
        let stepY = pose.ray(x: 0.5, y: 1.5) - origin
        let first = SIMD4<Float>(Float(origin.x), Float(origin.y), Float(origin.z), 0)
        let right = SIMD4<Float>(Float(stepX.x), Float(stepX.y), Float(stepX.z), 0)
        let down = SIMD4<Float>(Float(stepY.x), Float(stepY.y), Float(stepY.z), 0)
        let eye = SIMD4<Float>(Float(center.x), Float(center.y), Float(center.z), 0)
        let pixel = Float(1 / pose.focalLength)
        for y in 0..<canvas.height {
            var ray = first + down * Float(y)
            let row = canvas.pixels + y * canvas.width
            for x in 0..<canvas.width {
                row[x] = ray.y >= 0 ? sky(ray) : groundTone(ray, eye: eye, pixel: pixel)
                ray += right
            }
        }
    }

    @inline(__always)
    private func sky(_ ray: SIMD4<Float>) -> Tone {
        let noise = NoiseTile.shared
        let level = (ray.x * ray.x + ray.z * ray.z).squareRoot()
        let slope = ray.y / max(1e-4, level)
        let bearing = ray.x / max(0.05, level)
        let hill = hillHeight * (0.75 + 0.8 * noise.smooth(bearing * 46 + Float(hash & 255), 3.5))
        if slope < hill {
            let leaf = noise.nearest(bearing * 420, slope * 700)
            let tree = hillTone.lit(0.86 + 0.2 * leaf)
            let lit = Tone(tone: tree, gain: light.right.mixed(light.left, 0.5))
            return lit.mixed(light.skyLow, 0.42 + 0.25 * (1 - slope / max(1e-3, hill)))
        }
        let t = saturate(slope * 1.3)
        var tone = light.skyLow.mixed(light.skyTop, t.squareRoot() * 0.35 + t * 0.65)
        if cover > 0.05 {
            let reach = 1 / (slope + 0.16)
            let u = bearing * reach * cloudScale + offset.x
            let v = reach * cloudScale * 0.8 + offset.y
            let puff = noise.smooth(u, v) + 0.35 * noise.smooth(u * 3.1, v * 3.1) + (cover - 0.55) * 1.1
            let density = smoothStep(0.02, 0.55, puff) * 0.92
            let belly = 1 - 0.14 * saturate(puff)
            tone = tone.mixed(light.cloud.lit(belly), density)
        }
        if isNight, cover < 0.9 {
            let cellX = floorInt(bearing * 300)
            let cellY = floorInt(slope * 300)
            let chance = latticeUnit(cellX, cellY, 99)
            if chance > 0.985 { tone = tone.mixed(Tone(0.9, 0.9, 1, 1), (chance - 0.985) * 40) }
        }
        return Tone(tone.x, tone.y, tone.z, 1)
    }

    @inline(__always)
    private func groundTone(_ ray: SIMD4<Float>, eye: SIMD4<Float>, pixel: Float) -> Tone {
        let noise = NoiseTile.shared
        let reach = eye.y / -min(-1e-4, ray.y)
        guard reach < 400 else { return Tone(tone: tone, gain: light.ground).mixed(light.skyLow, 0.5) }
        let x = eye.x + ray.x * reach
        let z = eye.z + ray.z * reach
        // Metres of ground that one pixel spans, away from the camera: texture finer than that fades.
        let span = pixel * reach * max(1, reach / max(0.5, eye.y)) * 0.7
        let patch = noise.smooth(x * 4 + Float(hash & 255), z * 4)
        var gain = 1 + 0.08 * patch
        var painted = tone
        var surface = ground
        if !isPark, z > 0, z < kerb {
            // A pavement of pale slabs along the houses, then its kerb.
            surface = .slabs
            painted = tone.mixed(Tone(hex: 0xC9C2B4), 0.7)
            if z > kerb - 0.25 { gain *= 1.12 }
            if z > kerb - 0.06 { gain *= 0.6 }
        }
        switch surface {
        case .cobbles, .slabs:
            let unit: Float = surface == .cobbles ? 0.32 : 0.9
            let fade = saturate(unit / (span * 2.2) - 0.4)
            let row = floorInt(z / unit)
            let u = x / unit + Float(row & 1) * 0.5
            let column = floorInt(u)
            let du = abs(u - Float(column) - 0.5)
            let dv = abs(z / unit - Float(row) - 0.5)
            let joint = smoothStep(0.38, 0.5, max(du, dv))
            gain += fade * (0.26 * (latticeUnit(column, row, hash) - 0.5) - 0.3 * joint)
        case .grass:
            let fade = saturate(0.5 / span)
            gain += fade * 0.35 * noise.nearest(x * 22, z * 9)
            painted = painted.mixed(Tone(hex: 0xA7A256), saturate(patch * 0.8) * 0.5)
        case .gravel, .asphalt:
            let grain = latticeUnit(floorInt(x * 9), floorInt(z * 9), hash) - 0.5
            gain += saturate(0.16 / span) * 0.34 * grain + saturate(0.5 / span) * 0.22 * noise.nearest(x * 40, z * 40)
        }
        // The building's own foot darkens the ground before it.
        gain *= 1 - 0.35 * saturate(1 - abs(z) / 1.6) * (x > -1 ? 1 : 0.4)
        let lit = Tone(tone: painted.lit(gain), gain: light.ground)
        let haze = saturate((reach - 30) / 250)
        let color = lit.mixed(light.skyLow, haze * 0.6)
        return Tone(color.x, color.y, color.z, 1)
    }
}

extension SIMD4<Float> {
    /// A tone in a light.
    @inline(__always)
    init(tone: Tone, gain: Tone) { self = Tone(tone.x * gain.x, tone.y * gain.y, tone.z * gain.z, tone.w) }
}
