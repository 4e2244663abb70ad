extension FacadePainter {
    /// One window: surround, frame, panes, sill, and what its people did with it.
    mutating func paintWindow(
        _ style: LandmarkDesign.WindowStyle, x: Float, foot: Float, width: Float, height: Float, floor: Int
    ) {
        let palette = design.palette
        let left = x - width / 2
        let top = foot + height
        let opening = ArchShape(left, foot, left + width, top, head: style.head)
        paintSurround(style, opening: opening, x: x)

        canvas.fill(opening, FlatPaint(palette.trim.lit(0.96)))
        let frame = min(0.12, width * 0.08)
        let lit = random.chance(0.42) ? random.float(0.45...1) : 0
        let hasCurtain = random.chance(0.5)
        let glass = GlassPaint(
            tone: palette.glass.lit(random.float(0.6...1.7)),
            curtain: Tone(hex: random.pick([0xD8CFC0, 0xB9A58C, 0x9C5B4B, 0x6E7F8C, 0xC9B458, 0xE6E2DA])),
            curtainBelow: hasCurtain ? foot + height * random.float(0.15...0.75) : -100,
            offset: SIMD2(random.float(0...256), random.float(0...256)))
        let pane = ArchShape(left + frame, foot + frame, left + width - frame, top - frame, head: style.head)
        canvas.fill(pane, glass, glow: lit)
        canvas.shade(
            BoxShape(left + frame, top - frame - 0.3, left + width - frame, top - frame), factor: 0.6, feather: 0.2)

        let bar = FlatPaint(palette.trim.lit(0.9))
        for column in 1..<max(2, style.columns) where style.columns > 1 {
            let barX = left + width * Float(column) / Float(style.columns)
            canvas.fill(BoxShape(barX - 0.04, foot, barX + 0.04, top - (style.head == .flat ? 0 : width * 0.2)), bar)
        }
        for row in 1..<max(2, style.rows) where style.rows > 1 {
            let barY = foot + height * Float(row) / Float(style.rows)
            canvas.fill(BoxShape(left, barY - 0.035, left + width, barY + 0.035), bar)
        }
        raised(BoxShape(left - 0.15, foot - 0.16, left + width + 0.15, foot), trim, by: 0.1)
        if style.shutters { paintShutters(left: left, foot: foot, width: width, height: height) }
        paintWindowLife(x: x, foot: foot, width: width, height: height, floor: floor)
    }

    private mutating func paintSurround(_ style: LandmarkDesign.WindowStyle, opening: ArchShape, x: Float) {
        let b = opening.bounds
        let palette = design.palette
        guard style.surround > 0 else {
            canvas.shade(opening.grown(by: 0.08), factor: 0.7, feather: 0.15)
            return
        }
        canvas.shade(opening.grown(by: 0.26), factor: 0.75, feather: 0.12)
        canvas.fill(opening.grown(by: 0.2), trim)
        let half = (b.maxX - b.minX) / 2 + 0.35
        switch style.surround {
        case 2:
            let foot = b.maxY + 0.22
            canvas.fill(PolygonShape([x - half, foot], [x + half, foot], [x, foot + half * 0.55]), trim)
            canvas.shade(
                PolygonShape([x - half * 0.7, foot + 0.06], [x + half * 0.7, foot + 0.06], [x, foot + half * 0.4]),
                factor: 0.75)
            paintCharge(x: x, y: foot + half * 0.18, radius: half * 0.14)
        case 3:
            raised(BoxShape(x - half, b.maxY + 0.22, x + half, b.maxY + 0.4), trim, by: 0.12)
            paintCharge(x: x, y: b.maxY + 0.3, radius: 0.16)
        case 4:
            canvas.fill(
                PolygonShape(
                    [x - 0.14, b.maxY - 0.12], [x + 0.14, b.maxY - 0.12], [x + 0.22, b.maxY + 0.36],
                    [x - 0.22, b.maxY + 0.36]),
                FlatPaint(palette.trim.lit(random.float(0.8...1.1))))
        default: break
        }
    }

    private mutating func paintShutters(left: Float, foot: Float, width: Float, height: Float) {
        let tone = design.palette.accent.lit(random.float(0.75...1.05))
        for side in 0..<2 where random.chance(0.85) {
            let ajar = width * random.float(0.3...0.46)
            let x = side == 0 ? left - 0.1 - ajar : left + width + 0.1
            raised(BoxShape(x, foot, x + ajar, foot + height), FlatPaint(tone), by: 0.05)
            var y = foot + 0.12
            while y < foot + height - 0.1 {
                canvas.shade(BoxShape(x + 0.06, y, x + ajar - 0.06, y + 0.06), factor: 0.72)
                y += 0.16
            }
        }
    }

    /// Flower boxes, blinds, laundry, air conditioners: no two windows are quite the same.
    private mutating func paintWindowLife(x: Float, foot: Float, width: Float, height: Float, floor: Int) {
        switch random.int(0...11) {
        case 0, 1:
            let bloom = Tone(hex: random.pick([0xC83349, 0xE8A0BF, 0xF2C14E, 0xE86A33, 0x8E5EA2, 0xFFFFFF]))
            for _ in 0..<14 {
                let at = SIMD2(x + random.float(-0.5...0.5) * width, foot + random.float(-0.02...0.32))
                let isLeaf = random.chance(0.55)
                canvas.fill(
                    EllipseShape(at.x, at.y, random.float(0.05...0.12)),
                    FlatPaint(isLeaf ? Tone(hex: 0x3F6B35).lit(random.float(0.7...1.3)) : bloom))
            }
        case 2:
            let blind = PatternPaint(
                kind: .bands, tones: [Tone(hex: 0xE9E2D0), Tone(hex: 0xCFC6B2)], unit: 0.09, seed: 0)
            let drop = height * random.float(0.2...0.6)
            canvas.fill(BoxShape(x - width * 0.42, foot + height - drop, x + width * 0.42, foot + height - 0.1), blind)
        case 3 where floor > 0:
            raised(
                BoxShape(x - width * 0.7, foot - 0.28, x + width * 0.7, foot - 0.1), trim, by: 0.16)
            let iron = FlatPaint(Tone(hex: 0x2A2A2C))
            canvas.fill(BoxShape(x - width * 0.7, foot + 0.78, x + width * 0.7, foot + 0.84), iron)
            var bar = x - width * 0.7
            while bar <= x + width * 0.7 {
                canvas.fill(BoxShape(bar - 0.02, foot - 0.1, bar + 0.02, foot + 0.8), iron)
                bar += 0.17
            }
        case 4 where floor > 0 && random.chance(0.4):
            raised(
                BoxShape(x + width * 0.1, foot - 0.5, x + width * 0.1 + 0.7, foot - 0.1),
                FlatPaint(Tone(hex: 0xD9DAD6)), by: 0.08)
            canvas.fill(
                EllipseShape(x + width * 0.1 + 0.25, foot - 0.3, 0.14, thickness: 0.04), FlatPaint(Tone(hex: 0x8A8C8A)))
        case 5 where design.style == .townhouses || design.style == .modern:
            let awning = PatternPaint(
                kind: .stripes, tones: [design.palette.accentTwo, Tone(hex: 0xF3EDE0)], unit: 0.22, seed: 0)
            let top = foot + height + 0.1
            canvas.fill(
                PolygonShape(
                    [x - width * 0.5, top], [x + width * 0.5, top], [x + width * 0.65, top - 0.6],
                    [x - width * 0.65, top - 0.6]),
                awning)
            canvas.shade(BoxShape(x - width * 0.6, top - 1.0, x + width * 0.6, top - 0.6), factor: 0.6, feather: 0.3)
        default: break
        }
    }

    /// The portal in a body's middle: stepped surround, two leaves, panels, a fanlight, steps and lamps.
    mutating func paintDoor(_ block: LandmarkDesign.Block) {
        let palette = design.palette
        let bay = block.width / Float(block.bays)
        let floorHeight = (block.height - design.plinth) / Float(block.floors)
        let isGrand = design.style == .church || design.style == .domedHall || design.style == .temple
        let width = min(bay * 0.9, isGrand ? 3.2 : 2.2)
        let height = min(floorHeight * 0.82 + design.plinth, width * (isGrand ? 1.7 : 1.6))
        let x = block.x + block.width / 2
        let head: ArchShape.Head = design.style == .church ? .pointed : design.style == .modern ? .flat : .round
        let leaf = ArchShape(x - width / 2, 0, x + width / 2, height, head: head)
        canvas.shade(leaf.grown(by: 0.6), factor: 0.7, feather: 0.3)
        let rings = isGrand ? 3 : 2
        for ring in (1...rings).reversed() {
            let tone = ring % 2 == 0 ? palette.trim : palette.trim.mixed(palette.wall, 0.6).lit(0.84)
            canvas.fill(leaf.grown(by: Float(ring) * 0.2), FlatPaint(tone.lit(random.float(0.92...1.05))))
            canvas.shade(leaf.grown(by: Float(ring) * 0.2 - 0.1), factor: 0.8, feather: 0.06)
        }
        let door = palette.door.lit(random.float(0.85...1.2))
        canvas.fill(leaf, FlatPaint(door))
        let transom = height - width * 0.5
        canvas.fill(BoxShape(x - 0.03, 0, x + 0.03, transom), FlatPaint(door.lit(0.5)))
        for side: Float in [-1, 1] {
            for panel in 0..<3 {
                let y = 0.25 + Float(panel) * (transom - 0.3) / 3
                let centre = x + side * width * 0.25
                let box = BoxShape(center: centre, y + 0.3, width: width * 0.34, height: (transom - 0.3) / 3 - 0.16)
                canvas.shade(box, factor: 0.7)
                canvas.shade(
                    BoxShape(box.bounds.minX + 0.05, box.bounds.minY + 0.05, box.bounds.maxX, box.bounds.maxY),
                    factor: 1.3)
                if random.chance(0.4) {
                    canvas.fill(
                        EllipseShape(centre, y + 0.3, 0.1), FlatPaint(palette.accent.lit(random.float(0.7...1.2))))
                }
            }
        }
        canvas.fill(
            ArchShape(x - width * 0.42, transom, x + width * 0.42, height - 0.14, head: head), FlatPaint(palette.glass),
            glow: 0.9)
        for spoke in 0..<5 {
            let angle = Float.pi * Float(spoke + 1) / 6
            canvas.fill(
                LineShape(
                    [x, transom],
                    [x + width * 0.45 * PortableMath.cosine(angle), transom + width * 0.45 * PortableMath.sine(angle)],
                    thickness: 0.05), FlatPaint(palette.trim))
        }
        raised(
            BoxShape(x - width * 0.5, transom - 0.06, x + width * 0.5, transom + 0.06), FlatPaint(palette.trim),
            by: 0.04)
        for step in 0..<3 {
            let half = width * 0.62 + 0.3 * Float(3 - step)
            raised(BoxShape(x - half, Float(step) * 0.13, x + half, Float(step + 1) * 0.13), rustic, by: 0.05)
        }
        for side: Float in [-1, 1] where random.chance(0.8) {
            let lamp = x + side * (width * 0.5 + Float(rings) * 0.2 + 0.3)
            canvas.fill(BoxShape(center: lamp, 2.2, width: 0.07, height: 0.5), FlatPaint(Tone(hex: 0x222222)))
            canvas.fill(EllipseShape(lamp, 2.55, 0.15, 0.2), FlatPaint(Tone(hex: 0xF6E3A8)), glow: 1)
        }
        if ornamentBudget > 0 { paintCharge(x: x, y: height + 0.5, radius: min(0.5, width * 0.2)) }
    }

    /// The open archway of a gate: one sees through it.
    mutating func paintPassage(_ block: LandmarkDesign.Block) {
        let x = block.x + block.width / 2
        let width = block.width * 0.48
        let height = min(block.height * 0.55, width * 1.35)
        let opening = ArchShape(
            x - width / 2, -0.1, x + width / 2, height, head: random.chance(0.5) ? .round : .pointed)
        canvas.shade(opening.grown(by: 0.8), factor: 0.75, feather: 0.3)
        let stones = 17
        canvas.fill(opening.grown(by: 0.65), FlatPaint(design.palette.trim.lit(0.9)))
        for stone in 0..<stones {
            let angle = Float.pi * Float(stone) / Float(stones - 1)
            let centre = SIMD2(x, height - width / 2)
            let outward = SIMD2(PortableMath.cosine(angle), PortableMath.sine(angle))
            canvas.fill(
                LineShape(centre + outward * width * 0.5, centre + outward * (width * 0.5 + 0.6), thickness: 0.07),
                FlatPaint(design.palette.trim.lit(random.float(0.45...0.75))))
        }
        canvas.erase(opening)
        for bar in 0..<5 where random.chance(0.9) {
            let position = x + width * (Float(bar) - 2) / 5
            canvas.fill(
                BoxShape(position - 0.06, height - width * 0.42, position + 0.06, height),
                FlatPaint(Tone(hex: 0x2B2724)))
        }
    }
}
