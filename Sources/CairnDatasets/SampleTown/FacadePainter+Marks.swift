extension FacadePainter {
    /// A tower clock; the time on it never agrees with another's.
    mutating func paintClock(x: Float, y: Float, radius: Float) {
        let face =
            random.chance(0.6)
            ? Tone(hex: 0xF1EAD8) : random.pick([Tone(hex: 0x22303F), Tone(hex: 0x1E1E20), design.palette.accent])
        let ink = face.x > 0.6 ? Tone(hex: 0x26221E) : Tone(hex: 0xE2C56B)
        canvas.shade(EllipseShape(x + 0.08, y - 0.1, radius * 1.15), factor: 0.65, feather: 0.15)
        canvas.fill(EllipseShape(x, y, radius * 1.15), trim)
        canvas.fill(EllipseShape(x, y, radius), FlatPaint(face), glow: 0.8)
        canvas.fill(EllipseShape(x, y, radius * 0.95, thickness: radius * 0.05), FlatPaint(ink))
        for hour in 0..<12 {
            let angle = Float(hour) * .pi / 6
            let out = SIMD2(PortableMath.cosine(angle), PortableMath.sine(angle)) * radius
            let centre = SIMD2(x, y)
            canvas.fill(
                LineShape(centre + out * 0.74, centre + out * 0.88, thickness: radius * (hour % 3 == 0 ? 0.1 : 0.055)),
                FlatPaint(ink))
        }
        for (length, thickness) in [(Float(0.5), Float(0.1)), (0.76, 0.06)] {
            let angle = random.float(0...6.28)
            canvas.fill(
                LineShape(
                    [x, y],
                    [x + PortableMath.cosine(angle) * radius * length, y + PortableMath.sine(angle) * radius * length],
                    thickness: radius * thickness),
                FlatPaint(ink))
        }
    }

    /// A rose window: rings of coloured panes.
    mutating func paintRose(x: Float, y: Float, radius: Float) {
        guard radius > 0.4 else { return }
        canvas.shade(EllipseShape(x, y, radius * 1.25), factor: 0.75, feather: 0.2)
        canvas.fill(EllipseShape(x, y, radius * 1.18), trim)
        canvas.fill(EllipseShape(x, y, radius), FlatPaint(design.palette.trim.lit(0.6)))
        let petals = random.pick([6, 8, 10, 12])
        for ring in 0..<2 {
            for petal in 0..<(ring == 0 ? petals : petals / 2) {
                let count = ring == 0 ? petals : petals / 2
                let angle = 2 * .pi * (Float(petal) + 0.5) / Float(count)
                let distance = radius * (ring == 0 ? 0.72 : 0.36)
                let size = radius * (ring == 0 ? 2.0 / Float(petals) : 0.15)
                let pane = Tone(hex: random.pick([0x2D4F8E, 0x8E2D3A, 0xC28E2D, 0x2D7E6B, 0x5B3A85, 0x3F6EA8]))
                canvas.fill(
                    EllipseShape(
                        x + PortableMath.cosine(angle) * distance, y + PortableMath.sine(angle) * distance, size),
                    FlatPaint(pane.lit(random.float(0.6...1.1))), glow: 0.7)
            }
        }
        paintCharge(x: x, y: y, radius: radius * 0.2)
    }

    /// A painted wall: hills, suns, figures and fields of colour.
    mutating func paintMural(_ block: LandmarkDesign.Block) {
        let width = min(block.width * (block.door ? 0.22 : 0.3), 3.4)
        let height = min(block.height * 0.3, 4)
        var left = block.x + random.float(0.5...max(0.6, block.width - width - 0.5))
        // Beside a door, never over it.
        if block.door { left = random.chance(0.5) ? block.x + 0.6 : block.x + block.width - width - 0.6 }
        let foot = design.plinth + random.float(0.2...max(0.3, (block.height - design.plinth) * 0.3))
        let frame = BoxShape(left, foot, left + width, foot + height)
        raised(BoxShape(left - 0.12, foot - 0.12, left + width + 0.12, foot + height + 0.12), trim, by: 0.05)
        canvas.fill(frame, FlatPaint(Tone(hex: random.pick([0xBFD7DE, 0xF0D9A8, 0xE9B29A, 0x9CB7A6, 0x2F4058]))))
        for band in 0..<random.int(2...4) {
            let y = foot + height * (0.55 - 0.16 * Float(band))
            let hill = SIMD2(left + width * random.float(0.15...0.85), y + height * random.float(0...0.25))
            let tone = Tone(hex: random.pick(TownPalette.accents)).mixed(Tone(hex: 0x8FA36B), 0.4)
            canvas.fill(PolygonShape([left, foot], [left + width, foot], [left + width, y], hill), FlatPaint(tone))
            canvas.fill(
                PolygonShape([left, foot], [left + width, foot], hill, [left, y - height * 0.08]),
                FlatPaint(tone.lit(0.86)))
        }
        for _ in 0..<random.int(4...9) {
            let tone = FlatPaint(Tone(hex: random.pick(TownPalette.accents)).lit(random.float(0.8...1.2)))
            let at = SIMD2(left + width * random.float(0.15...0.85), foot + height * random.float(0.15...0.85))
            let size = min(width, height) * random.float(0.04...0.13)
            switch random.int(0...3) {
            case 0: canvas.fill(EllipseShape(at.x, at.y, size), tone)
            case 1: canvas.fill(EllipseShape(at.x, at.y, size, thickness: size * 0.4), tone)
            case 2: canvas.fill(PolygonShape(at - [size, size], at + [size, -size], at + [0, size]), tone)
            default: paintCharge(x: at.x, y: at.y, radius: size)
            }
        }
    }

    /// A long cloth with a pattern and a device.
    mutating func paintBanner(_ block: LandmarkDesign.Block) {
        let count = random.int(1...2)
        for _ in 0..<count {
            let width = random.float(0.7...1.1)
            let height = min(block.height * 0.34, width * random.float(2...3.4))
            var share = random.float(0.1...0.9)
            // Nothing hangs before a clock or a rose window.
            if block.clock || block.rose || block.door { share = share < 0.5 ? share * 0.6 : 1 - (1 - share) * 0.6 }
            let x = block.x + share * block.width
            let top = block.height * random.float(0.62...0.86)
            canvas.shade(
                BoxShape(x - width / 2 + 0.15, top - height - 0.15, x + width / 2 + 0.15, top), factor: 0.7,
                feather: 0.2)
            canvas.fill(
                BoxShape(x - width / 2, top - height, x + width / 2, top),
                PatternPaint(
                    kind: random.pick(PatternPaint.Kind.allCases),
                    tones: [Tone(hex: random.pick(TownPalette.accents)), Tone(hex: random.pick(TownPalette.accents))],
                    unit: width * random.float(0.25...0.6), seed: UInt32(truncatingIfNeeded: random.next())))
            paintCharge(x: x, y: top - height * 0.35, radius: width * 0.3)
            canvas.fill(
                BoxShape(x - width / 2 - 0.1, top - 0.04, x + width / 2 + 0.1, top + 0.06),
                FlatPaint(Tone(hex: 0x3A2F24)))
        }
    }

    /// Damp below a ledge, or a paler patch where a wall was mended.
    mutating func paintStain(_ block: LandmarkDesign.Block) {
        let x = block.x + random.float(0.05...0.95) * block.width
        let y = random.float(0.1...0.95) * block.height
        if random.chance(0.6) {
            let length = random.float(0.8...2.6)
            canvas.shade(
                BoxShape(x - random.float(0.05...0.3), y - length, x + random.float(0.05...0.3), y), factor: 0.84,
                feather: 0.35)
        } else {
            let half = random.float(0.2...0.6)
            canvas.shade(
                BoxShape(x - half, y - half * 0.7, x + half, y + half * 0.7), factor: random.pick([1.12, 0.88]),
                feather: 0.06)
        }
    }

    /// Ivy climbing from one corner.
    mutating func paintIvy(_ block: LandmarkDesign.Block) {
        let isLeft = random.chance(0.5)
        let reach = block.height * random.float(0.3...0.7)
        for _ in 0..<26 {
            let t = random.unit()
            let spread = block.width * 0.25 * (1 - t) * random.unit()
            let x = isLeft ? block.x + spread : block.x + block.width - spread
            canvas.fill(
                EllipseShape(x, t * reach, random.float(0.25...0.6), random.float(0.3...0.7)),
                FoliagePaint(
                    tone: Tone(hex: random.pick([0x45662F, 0x5B7A36, 0x3A5530, 0x7A4B2E])), grain: 30, raggedness: 0.75,
                    offset: [random.float(0...256), random.float(0...256)]))
        }
    }

    /// Posters, scrawls and house numbers at eye level.
    mutating func paintStreetLife() {
        guard ornamentBudget > 0 else { return }
        for _ in 0..<random.int(2...6) {
            let x = random.float(0.06...0.94) * design.width
            let y = random.float(1.2...2.3)
            guard
                design.blocks.contains(where: {
                    $0.x < x - 0.4 && x + 0.4 < $0.x + $0.width && !$0.passage && !$0.columns
                        && (!$0.door || abs(x - $0.x - $0.width / 2) > 1.7)
                })
            else { continue }
            if random.chance(0.7) {
                let width = random.float(0.5...0.9)
                let paper = Tone(hex: random.pick([0xF0E9D8, 0xF2C94C, 0xD95D39, 0x7FB7BE, 0xE8B4BC, 0x30343F]))
                let tall = width * 1.4
                canvas.fill(BoxShape(x - width / 2, y - tall / 2, x + width / 2, y + tall / 2), FlatPaint(paper))
                paintCharge(x: x, y: y + tall * 0.12, radius: width * 0.32)
                paintGlyphs(
                    left: x - width * 0.38, foot: y - tall * 0.42, height: width * 0.2, count: 4,
                    tone: paper.x + paper.y > 1 ? Tone(hex: 0x2A2420) : Tone(hex: 0xF4EBD0))
            } else {
                paintGlyphs(
                    left: x - 0.4, foot: y - 0.3, height: random.float(0.35...0.55), count: random.int(2...4),
                    tone: Tone(hex: random.pick([0x1D4E89, 0xB5179E, 0x222222, 0x2B9348, 0xF3722C])).faded(0.85))
            }
        }
    }
}
