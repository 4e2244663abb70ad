extension FacadePainter {
    /// Spreads the building's own marks over a body: emblems between windows, murals, niches, plaques, stains.
    mutating func paintOrnaments(_ block: LandmarkDesign.Block) {
        guard ornamentBudget > 0 else { return }
        let floorHeight = (block.height - design.plinth) / Float(block.floors)
        let bay = block.width / Float(block.bays)
        // Between neighbouring windows, and between a window and the one above it.
        for floor in 0..<block.floors {
            let foot = design.plinth + Float(floor) * floorHeight
            for index in 1..<max(2, block.bays) where block.bays > 1 {
                let gap = bay * (1 - design.floorStyles[min(floor, design.floorStyles.count - 1)].width)
                guard gap > 0.9, block.edge != .pilasters, !block.passage || floor >= 2, random.chance(0.4) else {
                    continue
                }
                if block.door, floor == 0 { continue }
                paintOrnament(
                    x: block.x + Float(index) * bay, y: foot + floorHeight * random.float(0.45...0.6),
                    size: min(gap * 0.32, 0.62))
            }
            for index in 0..<block.bays where random.chance(0.3) && floor > 0 {
                paintCharge(
                    x: block.x + (Float(index) + 0.5) * bay, y: foot + floorHeight * 0.07,
                    radius: min(0.26, floorHeight * 0.07))
            }
        }
        if random.chance(0.35), block.width > 6, block.height > 8, !block.columns { paintMural(block) }
        if random.chance(0.6) { paintBanner(block) }
        for _ in 0..<random.int(2...5) { paintStain(block) }
        if random.chance(0.25) { paintIvy(block) }
    }

    /// One emblem of a random kind, about `size` metres in radius.
    mutating func paintOrnament(x: Float, y: Float, size: Float) {
        switch random.int(0...5) {
        case 0: paintShield(x: x, y: y, size: size)
        case 1:
            canvas.shade(EllipseShape(x + 0.06, y - 0.08, size * 1.06), factor: 0.7, feather: 0.1)
            canvas.fill(EllipseShape(x, y, size), trim)
            canvas.fill(
                EllipseShape(x, y, size * 0.85),
                FlatPaint(random.pick([design.palette.accent, design.palette.accentTwo, design.palette.wall.lit(0.7)])))
            paintCharge(x: x, y: y, radius: size * 0.7)
        case 2: paintStatue(x: x, foot: y - size * 1.3, height: size * 2.6)
        case 3:
            raised(
                BoxShape(x - size * 0.9, y - size * 0.7, x + size * 0.9, y + size * 0.7),
                FlatPaint(Tone(hex: random.pick([0xE9E3D4, 0x3A3A38, 0x6F7F74, 0x8A6B3A]))), by: 0.05)
            let ink = random.chance(0.5) ? Tone(hex: 0x2A2622) : Tone(hex: 0xD9C08A)
            for line in 0..<3 {
                paintGlyphs(
                    left: x - size * 0.75, foot: y + size * (0.25 - 0.38 * Float(line)), height: size * 0.26,
                    count: random.int(4...6), tone: ink)
            }
        case 4:
            let half = size * 0.9
            raised(BoxShape(x - half, y - half, x + half, y + half), trim, by: 0.05)
            let pattern = PatternPaint(
                kind: random.pick(PatternPaint.Kind.allCases),
                tones: [
                    design.palette.accent, design.palette.accentTwo, Tone(hex: 0xEFE3C8), design.palette.roof,
                    Tone(hex: 0x2E5E6E),
                ],
                unit: half * random.float(0.2...0.34), seed: UInt32(truncatingIfNeeded: random.next()))
            canvas.fill(BoxShape(x - half * 0.86, y - half * 0.86, x + half * 0.86, y + half * 0.86), pattern)
            paintCharge(x: x, y: y, radius: half * 0.5)
        default: paintCharge(x: x, y: y, radius: size)
        }
    }

    /// A carved device of a few strokes and dots: star, flower, knot, letter; each one drawn anew.
    mutating func paintCharge(x: Float, y: Float, radius: Float) {
        let tone = random.pick([
            design.palette.trim.lit(1.05), design.palette.accent, design.palette.accentTwo, Tone(hex: 0xC9A24A),
            Tone(hex: 0x3A332B),
        ])
        let paint = FlatPaint(tone)
        let dark = FlatPaint(tone.lit(0.55))
        let petals = random.int(3...8)
        let turn = random.float(0...6.28)
        let kind = random.int(0...3)
        for index in 0..<petals {
            let angle = turn + 2 * .pi * Float(index) / Float(petals)
            let out = SIMD2(PortableMath.cosine(angle), PortableMath.sine(angle))
            let reach = radius * (kind == 3 ? random.float(0.5...1) : 0.95)
            switch kind {
            case 0: canvas.fill(EllipseShape(x + out.x * reach * 0.6, y + out.y * reach * 0.6, radius * 0.3), paint)
            case 1:
                canvas.fill(
                    LineShape([x, y], [x + out.x * reach, y + out.y * reach], thickness: radius * 0.22), paint)
            case 2:
                let side = SIMD2(-out.y, out.x) * radius * 0.24
                let tip = SIMD2(x, y) + out * reach
                canvas.fill(PolygonShape(SIMD2(x, y) + side, SIMD2(x, y) - side, tip), index % 2 == 0 ? paint : dark)
            default:
                let from = SIMD2(x, y) + out * reach
                let other = angle + random.float(1.2...3)
                canvas.fill(
                    LineShape(
                        from, SIMD2(x, y) + SIMD2(PortableMath.cosine(other), PortableMath.sine(other)) * radius * 0.8,
                        thickness: radius * 0.17), paint)
            }
        }
        canvas.fill(EllipseShape(x, y, radius * random.float(0.16...0.34)), dark)
    }

    private mutating func paintShield(x: Float, y: Float, size: Float) {
        let outline = ProfileShape(
            x, foot: y - size * 1.1, height: size * 2.1,
            halfWidths: SIMD8(0.05, 0.45, 0.68, 0.8, 0.85, 0.86, 0.86, 0.86) * size)
        canvas.shade(
            ProfileShape(x + 0.07, foot: y - size * 1.15, height: size * 2.1, halfWidths: outline.halfWidths),
            factor: 0.65, feather: 0.1)
        canvas.fill(outline, FlatPaint(design.palette.trim))
        let field = ProfileShape(x, foot: y - size * 0.95, height: size * 1.85, halfWidths: outline.halfWidths * 0.86)
        canvas.fill(
            field,
            PatternPaint(
                kind: random.pick(PatternPaint.Kind.allCases),
                tones: [design.palette.accent, random.chance(0.5) ? Tone(hex: 0xE8D9A8) : design.palette.accentTwo],
                unit: size * random.float(0.4...0.9), seed: UInt32(truncatingIfNeeded: random.next())))
        paintCharge(x: x, y: y + size * 0.1, radius: size * 0.5)
    }

    /// A figure in a niche. Its silhouette is its own.
    mutating func paintStatue(x: Float, foot: Float, height: Float) {
        let niche = ArchShape(x - height * 0.24, foot, x + height * 0.24, foot + height, head: .round)
        canvas.fill(niche.grown(by: 0.1), trim)
        canvas.fill(niche, FlatPaint(design.palette.wall.lit(0.5)))
        canvas.shade(BoxShape(x - height * 0.24, foot + height * 0.6, x, foot + height), factor: 0.75, feather: 0.2)
        let stone = design.palette.trim.lit(random.float(0.8...1.05))
        let robe = SIMD8<Float>(
            random.float(0.1...0.17), random.float(0.09...0.16), random.float(0.08...0.15), random.float(0.07...0.13),
            random.float(0.08...0.14),
            random.float(0.1...0.15), random.float(0.05...0.1), 0.03)
        canvas.fill(
            ProfileShape(x, foot: foot + 0.02, height: height * 0.72, halfWidths: robe * height),
            TurnedPaint(
                tone: stone, x0: x - height * 0.13, x1: x + height * 0.13, ribs: Float(random.int(3...6)),
                seed: random.float(0...256)))
        canvas.fill(
            EllipseShape(x + height * random.float(-0.02...0.02), foot + height * 0.79, height * 0.065, height * 0.085),
            FlatPaint(stone))
        for side: Float in [-1, 1] where random.chance(0.75) {
            let hand = SIMD2(x + side * height * random.float(0.1...0.2), foot + height * random.float(0.3...0.85))
            canvas.fill(
                LineShape([x + side * height * 0.08, foot + height * 0.62], hand, thickness: height * 0.05),
                FlatPaint(stone.lit(0.9)))
            if random.chance(0.4) {
                canvas.fill(
                    LineShape(hand - [0, height * 0.3], hand + [0, height * 0.12], thickness: height * 0.02),
                    FlatPaint(Tone(hex: 0x8C6A2F)))
            }
        }
    }

    /// Letter-like signs in a row; no real alphabet.
    mutating func paintGlyphs(left: Float, foot: Float, height: Float, count: Int, tone: Tone) {
        let paint = FlatPaint(tone)
        let thickness = height * 0.17
        for index in 0..<count {
            let x = left + Float(index) * height * 0.85
            let width = height * 0.55
            if random.chance(0.8) {
                canvas.fill(LineShape([x, foot], [x, foot + height], thickness: thickness), paint)
            }
            for _ in 0..<random.int(1...3) {
                let from = SIMD2(x + width * Float(random.int(0...1)), foot + height * Float(random.int(0...2)) / 2)
                let to = SIMD2(x + width * Float(random.int(0...1)), foot + height * Float(random.int(0...2)) / 2)
                canvas.fill(LineShape(from, to, thickness: thickness), paint)
            }
            if random.chance(0.35) {
                canvas.fill(
                    EllipseShape(
                        x + width * 0.5, foot + height * random.pick([0.25, 0.5, 0.75]), width * 0.45, height * 0.25,
                        thickness: thickness), paint)
            }
        }
    }

    /// A band of lettering or of figures.
    mutating func paintFrieze(_ box: BoxShape) {
        let b = box.bounds
        let height = b.maxY - b.minY
        guard height > 0.2, b.maxX - b.minX > 2 else { return }
        if random.chance(0.5) {
            let ground = random.pick([
                design.palette.trim.lit(0.93), design.palette.accent.lit(0.8), design.palette.wall.lit(0.78),
            ])
            canvas.fill(box, FlatPaint(ground))
            let isDark = ground.x + ground.y + ground.z < 1.5
            let most = max(2, Int((b.maxX - b.minX) / (height * 0.7)))
            let count = random.int(max(2, most * 2 / 3)...most)
            let left = (b.minX + b.maxX) / 2 - Float(count) * height * 0.29
            paintGlyphs(
                left: left, foot: b.minY + height * 0.16, height: height * 0.68, count: count,
                tone: isDark ? Tone(hex: 0xE9D9A6) : Tone(hex: 0x3B3228))
        } else {
            canvas.shade(box, factor: 0.78)
            var x = b.minX + height * 0.6
            while x < b.maxX - height * 0.5 {
                paintCharge(x: x, y: (b.minY + b.maxY) / 2, radius: height * random.float(0.3...0.48))
                x += height * random.float(1.0...1.5)
            }
        }
    }

    /// A crowd of carved figures in a pediment.
    mutating func paintRelief(x: Float, y: Float, halfWidth: Float, height: Float) {
        for _ in 0..<random.int(9...16) {
            let at = random.float(-1...1)
            let tall = height * (1 - abs(at)) * random.float(0.55...0.95)
            guard tall > 0.25 else { continue }
            let px = x + at * halfWidth
            let foot = y - height * 0.36
            let stone = design.palette.trim.lit(random.float(0.7...1.1))
            canvas.shade(
                EllipseShape(px + 0.1, foot + tall * 0.45, tall * 0.24, tall * 0.5), factor: 0.65, feather: 0.12)
            canvas.fill(
                ProfileShape(
                    px, foot: foot, height: tall * 0.75,
                    halfWidths: SIMD8(
                        random.float(0.1...0.3), 0.2, random.float(0.1...0.25), 0.15, 0.2, 0.22, 0.12, 0.05) * tall
                        * 0.8),
                FlatPaint(stone))
            canvas.fill(
                EllipseShape(px + random.float(-0.05...0.05), foot + tall * 0.82, tall * 0.12),
                FlatPaint(stone.lit(1.06)))
            canvas.fill(
                LineShape(
                    [px, foot + tall * 0.6],
                    [px + tall * random.float(-0.6...0.6), foot + tall * random.float(0.2...0.9)], thickness: tall * 0.1
                ),
                FlatPaint(stone.lit(0.92)))
        }
        paintShield(x: x, y: y, size: height * 0.3)
    }
}
