/// Paints what stands between a camera and a building: trees, lamps, people, cars, scaffolding, stalls.
struct OccluderPainter {
    /// The kinds of things that get in the way.
    enum Kind: CaseIterable { case tree, bush, lamp, person, car, scaffold, stall, bollards }

    let canvas: Canvas
    let light: SceneLight
    var random: SplitMix64

    init(canvas: Canvas, light: SceneLight, random: SplitMix64) {
        self.canvas = canvas
        self.light = light
        self.random = random
    }

    private func lit(_ hex: UInt32, _ gain: Float = 1) -> FlatPaint {
        FlatPaint(Tone(tone: Tone(hex: hex).lit(gain), gain: light.front))
    }

    /// Spreads things over the ground before a façade of `width` metres, farthest first.
    mutating func scatter(_ count: Int, pose: CameraPose, width: Double) {
        let range = pose.center.z
        let spots = (0..<count).map { _ in
            (Double(random.float(0.06...0.62)) * range, Double(random.float(-0.15...1.15)))
        }
        for (z, across) in spots.sorted(by: { $0.0 < $1.0 }) {
            // Across the view rather than the façade, so that close-ups get their share.
            let share = z / range
            let x = (width * across) * (1 - share) + (pose.center.x + (across - 0.5) * range * 0.5) * share
            let foot = pose.project(x: x, y: 0, z: z)
            guard foot.depth > 2.5 else { continue }
            let scale = pose.focalLength / foot.depth
            let kind: Kind = random.pick([
                .tree, .lamp, .person, .person, .person, .car, .bush, .stall, .bollards, .scaffold,
            ])
            // A tree in the photographer's face would be all there is to see.
            if (kind == .tree || kind == .scaffold), share > 0.4 { continue }
            draw(kind, x: Float(foot.x), y: Float(foot.y), scale: Float(scale))
        }
    }

    /// Draws one thing with its foot at a view position, `scale` pixels to a metre.
    mutating func draw(_ kind: Kind, x: Float, y: Float, scale: Float) {
        canvas.place(x: x, y: y, scale: scale)
        let breadth: Float = kind == .car ? 2.1 : kind == .tree ? 1.3 : kind == .lamp ? 0.3 : 0.45
        canvas.shade(EllipseShape(0, 0, breadth, breadth * 0.16), factor: 0.68, feather: 0.25)
        switch kind {
        case .tree: drawTree(height: random.float(4.5...9))
        case .bush: drawBush()
        case .lamp: drawLamp()
        case .person: drawPerson()
        case .car: drawCar()
        case .scaffold: drawScaffold()
        case .stall: drawStall()
        case .bollards:
            for index in 0..<4 {
                canvas.fill(
                    BoxShape(Float(index) * 1.4 - 0.1, 0, Float(index) * 1.4 + 0.1, 0.9, radius: 0.08), lit(0x3A3A3C))
            }
        }
        canvas.place(x: 0, y: 0, scale: 1)
    }

    private mutating func drawTree(height: Float) {
        let green: UInt32 = random.pick([0x4F7A38, 0x3E6B3A, 0x6B8B3D, 0x8A7A34, 0x5B8A4E, 0xA5673A])
        let trunk = lit(0x5A4636)
        canvas.fill(PolygonShape([-0.22, 0], [0.22, 0], [0.1, height * 0.6], [-0.1, height * 0.6]), trunk)
        let isConifer = random.chance(0.25)
        let crown = height * 0.3
        for index in 0..<24 {
            let t = Float(index) / 24
            let angle = random.float(0...6.28)
            let reach = random.unit().squareRoot()
            let width = isConifer ? crown * 0.75 * (1 - t) : crown
            let px = PortableMath.cosine(angle) * reach * width
            let py =
                isConifer ? height * (0.22 + 0.74 * t) : height * 0.66 + PortableMath.sine(angle) * reach * crown * 0.9
            let radius = isConifer ? 0.2 + crown * 0.4 * (1 - t) : crown * random.float(0.28...0.45)
            let shade = 0.7 + 0.5 * saturate((py - height * 0.4) / (height * 0.6)) + random.float(-0.08...0.08)
            canvas.fill(
                EllipseShape(px, py, radius, radius * 0.85),
                FoliagePaint(
                    tone: Tone(tone: Tone(hex: green).lit(shade), gain: light.front), grain: 16, raggedness: 0.72,
                    offset: [random.float(0...256), random.float(0...256)]))
        }
    }

    private mutating func drawBush() {
        for _ in 0..<9 {
            canvas.fill(
                EllipseShape(
                    random.float(-1...1), random.float(0.2...0.8), random.float(0.4...0.7), random.float(0.35...0.6)),
                FoliagePaint(
                    tone: Tone(tone: Tone(hex: 0x4F7440).lit(random.float(0.75...1.15)), gain: light.front), grain: 26,
                    raggedness: 0.75,
                    offset: [random.float(0...256), random.float(0...256)]))
        }
    }

    private mutating func drawLamp() {
        let iron = lit(0x26292B)
        canvas.fill(PolygonShape([-0.12, 0], [0.12, 0], [0.05, 4], [-0.05, 4]), iron)
        canvas.fill(BoxShape(-0.2, 0, 0.2, 0.35), iron)
        let arms: [Float] = random.chance(0.5) ? [0] : [-0.5, 0.5]
        for arm in arms {
            canvas.fill(LineShape([0, 3.8], [arm, 4], thickness: 0.06), iron)
            canvas.fill(
                PolygonShape([arm - 0.14, 4], [arm + 0.14, 4], [arm + 0.2, 4.45], [arm - 0.2, 4.45]),
                light.glow.x > 0.3 ? FlatPaint(Tone(1, 0.92, 0.68, 1)) : lit(0xE9E4D2))
            canvas.fill(PolygonShape([arm - 0.24, 4.45], [arm + 0.24, 4.45], [arm, 4.65]), iron)
            if light.glow.x > 0.3 { canvas.shade(EllipseShape(arm, 4.2, 0.15), factor: 1.8, feather: 1.6) }
        }
    }

    private mutating func drawPerson() {
        let size = random.float(0.88...1.08)
        let coat: UInt32 = random.pick([
            0x9E2B2B, 0x2F4B6E, 0x3B5B3B, 0xD9A441, 0x4A4A55, 0xC76B98, 0xE9E1D2, 0x6B4A8A, 0x2A2A2E,
        ])
        let legs: UInt32 = random.pick([0x2B3140, 0x4A4038, 0x1F1F22, 0x7A6E5A])
        let skin: UInt32 = random.pick([0xE3B899, 0xC68E6A, 0x8C5A3C, 0xF0CDB0])
        let stride = random.float(0.05...0.2) * size
        canvas.fill(LineShape([0, 0.85 * size], [-stride, 0.05], thickness: 0.17 * size), lit(legs))
        canvas.fill(LineShape([0, 0.85 * size], [stride, 0.05], thickness: 0.17 * size), lit(legs, 0.85))
        let isDress = random.chance(0.3)
        canvas.fill(
            ProfileShape(
                0, foot: 0.55 * size, height: 0.95 * size,
                halfWidths: SIMD8(isDress ? 0.34 : 0.2, isDress ? 0.3 : 0.2, 0.2, 0.19, 0.2, 0.23, 0.23, 0.08) * size),
            lit(coat))
        for side: Float in [-1, 1] {
            canvas.fill(
                LineShape(
                    [side * 0.2 * size, 1.35 * size],
                    [side * random.float(0.2...0.34) * size, random.float(0.75...1.0) * size], thickness: 0.11 * size),
                lit(coat, 0.86))
        }
        canvas.fill(EllipseShape(0, 1.64 * size, 0.105 * size, 0.135 * size), lit(skin))
        let hair: UInt32 = random.pick([0x2A1F18, 0x5A3A22, 0xB08A4A, 0x8A8A88, 0x1A1A1C])
        canvas.fill(EllipseShape(-0.01, 1.71 * size, 0.115 * size, 0.085 * size), lit(hair))
        if random.chance(0.3) {
            canvas.fill(
                BoxShape(-0.16 * size, 0.95 * size, 0.16 * size, 1.42 * size, radius: 0.06),
                lit(random.pick([0xC0392B, 0x2E6E8E, 0x55603A])))
        }
        if random.chance(0.12) {
            canvas.fill(LineShape([0.25, 1.0], [0.25, 2.05], thickness: 0.03), lit(0x333333))
            canvas.fill(
                ArchShape(-0.35, 1.95, 0.85, 2.3, head: .segmental), lit(random.pick([0xB02E2E, 0x2E4FB0, 0xE0C040])))
        }
    }

    private mutating func drawCar() {
        let paint: UInt32 = random.pick([0xB23A3A, 0x2F5D8A, 0xD8D8D6, 0x2D2F33, 0x6F8F7A, 0xD9B24A, 0x8A8F96])
        let length = random.float(1.8...2.2)
        canvas.fill(BoxShape(-length, 0.28, length, 0.92, radius: 0.24), lit(paint))
        let roof = random.float(0.5...0.75)
        canvas.fill(
            PolygonShape(
                [-length * 0.75, 0.85], [length * 0.62, 0.85], [length * 0.34, 0.9 + roof],
                [-length * 0.52, 0.9 + roof]), lit(paint, 0.95))
        canvas.fill(
            PolygonShape(
                [-length * 0.64, 0.92], [-length * 0.06, 0.92], [-length * 0.06, 0.82 + roof],
                [-length * 0.46, 0.82 + roof]), lit(0x2B3A44))
        canvas.fill(
            PolygonShape([0, 0.92], [length * 0.5, 0.92], [length * 0.28, 0.82 + roof], [0, 0.82 + roof]), lit(0x2B3A44)
        )
        canvas.shade(BoxShape(-length, 0.28, length, 0.45), factor: 0.7, feather: 0.1)
        canvas.fill(BoxShape(-length * 0.02, 0.3, 0, 0.9), lit(paint, 0.7))
        for wheel in [-length * 0.6, length * 0.6] {
            canvas.fill(EllipseShape(wheel, 0.32, 0.33), lit(0x1C1C1E))
            canvas.fill(EllipseShape(wheel, 0.32, 0.18), lit(0x9A9DA0))
        }
        canvas.fill(EllipseShape(length * 0.95, 0.68, 0.1), lit(0xF4EFC8))
        canvas.fill(EllipseShape(-length * 0.95, 0.68, 0.09), lit(0xA02020))
    }

    private mutating func drawScaffold() {
        let width = random.float(3...5)
        let levels = random.int(2...4)
        let pole = lit(0x8D9298)
        if random.chance(0.5) {
            canvas.fill(
                BoxShape(0, 0.2, width, Float(levels) * 2.1),
                FlatPaint(
                    Tone(tone: Tone(hex: random.pick([0x4D8A5F, 0xC9C5B8, 0x4F79A8])), gain: light.front).faded(0.55)))
        }
        var x: Float = 0
        while x <= width {
            canvas.fill(BoxShape(x - 0.035, 0, x + 0.035, Float(levels) * 2.1 + 0.5), pole)
            x += width / 3
        }
        for level in 1...levels {
            let y = Float(level) * 2.1
            canvas.fill(BoxShape(-0.2, y - 0.1, width + 0.2, y), lit(0xA68A5B))
            canvas.fill(BoxShape(-0.1, y + 0.9, width + 0.1, y + 0.95), pole)
            canvas.fill(LineShape([0, y - 2.1], [width / 3, y], thickness: 0.05), pole)
        }
    }

    private mutating func drawStall() {
        let pole = lit(0x6B5138)
        for x: Float in [-1.3, 1.3] { canvas.fill(BoxShape(x - 0.05, 0, x + 0.05, 2.2), pole) }
        canvas.fill(BoxShape(-1.4, 0.2, 1.4, 0.95), lit(random.pick([0x8A6B45, 0xA58A60, 0x6E7F8C])))
        for _ in 0..<12 {
            canvas.fill(
                EllipseShape(random.float(-1.25...1.25), 1.0, 0.11),
                lit(random.pick([0xD9482B, 0xE8B23A, 0x6FA043, 0xB53A5B, 0xE07A2B])))
        }
        let gain = light.front
        canvas.fill(
            PolygonShape([-1.7, 2.0], [1.7, 2.0], [1.35, 2.7], [-1.35, 2.7]),
            PatternPaint(
                kind: .stripes,
                tones: [
                    Tone(tone: Tone(hex: random.pick(TownPalette.accents)), gain: gain),
                    Tone(tone: Tone(hex: 0xF1EADB), gain: gain),
                ],
                unit: 0.34, seed: 0))
    }
}
