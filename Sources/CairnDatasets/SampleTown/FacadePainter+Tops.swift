extension FacadePainter {
    /// What rises above a body's wall in the façade's plane.
    mutating func paintTop(_ block: LandmarkDesign.Block, wall: MasonryPaint) {
        let x0 = block.x
        let x1 = block.x + block.width
        let middle = (x0 + x1) / 2
        let foot = block.height
        let peak = block.height + block.topHeight
        switch block.top {
        case .cornice: canvas.fill(BoxShape(x0, foot - 0.1, x1, peak), trim)
        case .eaves:
            canvas.fill(
                PolygonShape([x0 - 0.7, foot - 0.2], [x1 + 0.7, foot - 0.2], [x1 - 0.5, peak], [x0 + 0.5, peak]),
                roofing)
            canvas.fill(BoxShape(x0 - 0.7, foot - 0.3, x1 + 0.7, foot - 0.1), FlatPaint(design.palette.accent.lit(0.8)))
        case .balustrade: paintBalustrade(x0: x0, x1: x1, foot: foot, peak: peak)
        case .battlements:
            canvas.fill(BoxShape(x0 - 0.25, foot - 0.5, x1 + 0.25, foot + 0.25), wall)
            var x = x0 - 0.25
            while x < x1 {
                let width = random.float(0.72...0.9)
                canvas.fill(BoxShape(x, foot, min(x + width, x1 + 0.25), peak - random.float(0...0.12)), wall)
                x += 1.5
            }
            canvas.shade(BoxShape(x0, foot - 0.75, x1, foot - 0.5), factor: 0.6, feather: 0.2)
        case .gable:
            canvas.fill(PolygonShape([x0, foot - 0.1], [x1, foot - 0.1], [middle, peak]), wall)
            if block.timbered { paintGableTimber(x0: x0, x1: x1, foot: foot, peak: peak) }
            for (from, to) in [
                (SIMD2(x0 - 0.35, foot - 0.3), SIMD2(middle, peak)),
                (SIMD2(x1 + 0.35, foot - 0.3), SIMD2(middle, peak)),
            ] {
                canvas.shade(LineShape(from - [0, 0.3], to - [0, 0.3], thickness: 0.35), factor: 0.65, feather: 0.2)
                canvas.fill(LineShape(from, to, thickness: 0.34), FlatPaint(design.palette.roof.lit(0.85)))
            }
            paintGableEye(
                x: middle, y: foot + block.topHeight * 0.33, size: min(block.width * 0.13, block.topHeight * 0.2))
        case .pediment:
            canvas.fill(PolygonShape([x0 - 0.3, foot], [x1 + 0.3, foot], [middle, peak]), trim)
            let inset = PolygonShape(
                [x0 + block.width * 0.1, foot + block.topHeight * 0.12],
                [x1 - block.width * 0.1, foot + block.topHeight * 0.12],
                [middle, peak - block.topHeight * 0.16])
            canvas.fill(inset, wall)
            canvas.shade(inset, factor: 0.74, feather: 0.25)
            if ornamentBudget > 0 {
                paintRelief(
                    x: middle, y: foot + block.topHeight * 0.36, halfWidth: block.width * 0.3,
                    height: block.topHeight * 0.5)
            }
        case .stepped:
            let steps = max(3, Int(block.topHeight / 0.9))
            for step in 0..<steps {
                let t = Float(step) / Float(steps)
                let half = block.width / 2 * (1 - t * 0.92)
                let y0 = foot + block.topHeight * t
                let y1 = foot + block.topHeight * Float(step + 1) / Float(steps)
                canvas.fill(BoxShape(middle - half, y0 - 0.1, middle + half, y1), wall)
                for side: Float in [-1, 1] {
                    let edge = middle + side * (half - 0.35)
                    raised(BoxShape(edge - 0.42, y1 - 0.12, edge + 0.42, y1 + 0.05), trim, by: 0.06)
                }
            }
            paintGableEye(
                x: middle, y: foot + block.topHeight * 0.35, size: min(block.width * 0.13, block.topHeight * 0.18))
        case .curved:
            let half = block.width / 2
            let outline = ProfileShape(
                middle, foot: foot - 0.1, height: block.topHeight,
                halfWidths: SIMD8(1, 0.97, 0.72, 0.66, 0.62, 0.4, 0.34, 0.06) * half)
            let rim = ProfileShape(
                middle, foot: foot - 0.1, height: block.topHeight + 0.2,
                halfWidths: SIMD8(1.03, 1.02, 0.78, 0.72, 0.67, 0.46, 0.4, 0.1) * half)
            canvas.fill(rim, trim)
            canvas.fill(outline, wall)
            paintGableEye(x: middle, y: foot + block.topHeight * 0.4, size: min(half * 0.28, block.topHeight * 0.2))
        case .mansard:
            canvas.fill(
                PolygonShape([x0 - 0.1, foot], [x1 + 0.1, foot], [x1 - 0.8, peak], [x0 + 0.8, peak]), roofing)
            let bay = block.width / Float(block.bays)
            for index in 0..<block.bays {
                let x = x0 + (Float(index) + 0.5) * bay
                raised(BoxShape(x - 0.55, foot + 0.2, x + 0.55, peak - 0.5), trim, by: 0.1)
                canvas.fill(
                    ArchShape(x - 0.4, foot + 0.3, x + 0.4, peak - 0.62, head: .round),
                    FlatPaint(design.palette.glass.lit(random.float(0.7...1.5))), glow: random.chance(0.4) ? 0.8 : 0)
                canvas.fill(BoxShape(x - 0.03, foot + 0.3, x + 0.03, peak - 0.7), FlatPaint(design.palette.trim))
            }
        case .sawtooth:
            let bay = block.width / Float(block.bays)
            for index in 0..<block.bays {
                let x = x0 + Float(index) * bay
                canvas.fill(PolygonShape([x, foot - 0.1], [x + bay, foot - 0.1], [x, peak]), wall)
                canvas.fill(LineShape([x, peak], [x + bay, foot], thickness: 0.25), FlatPaint(design.palette.roof))
                paintCharge(x: x + bay * 0.3, y: foot + block.topHeight * 0.32, radius: block.topHeight * 0.14)
            }
        }
    }

    private mutating func paintBalustrade(x0: Float, x1: Float, foot: Float, peak: Float) {
        canvas.fill(BoxShape(x0, foot, x1, foot + 0.25), trim)
        var x = x0 + 0.3
        while x < x1 - 0.2 {
            canvas.fill(
                ProfileShape(
                    x, foot: foot + 0.2, height: peak - foot - 0.5,
                    halfWidths: SIMD8(0.12, 0.14, 0.16, 0.15, 0.1, 0.07, 0.08, 0.12)),
                FlatPaint(design.palette.trim.lit(random.float(0.75...0.95))))
            x += 0.42
        }
        canvas.fill(BoxShape(x0 - 0.1, peak - 0.3, x1 + 0.1, peak - 0.08), trim)
        x = x0 + 0.3
        while x < x1 {
            canvas.fill(BoxShape(x - 0.3, foot, x + 0.3, peak), trim)
            x += max(3, (x1 - x0 - 0.6) / 4)
        }
    }

    private mutating func paintGableTimber(x0: Float, x1: Float, foot: Float, peak: Float) {
        let beam = FlatPaint(design.palette.door.lit(0.75))
        let middle = (x0 + x1) / 2
        for index in 1..<8 {
            let x = x0 + (x1 - x0) * Float(index) / 8
            let top = foot + (peak - foot) * (1 - abs(x - middle) / ((x1 - x0) / 2))
            canvas.fill(BoxShape(x - 0.09, foot, x + 0.09, top), beam)
            if random.chance(0.5) {
                canvas.fill(
                    LineShape([x, foot], [middle, min(top, foot + (peak - foot) * 0.4)], thickness: 0.16), beam)
            }
        }
        let level = foot + (peak - foot) * 0.45
        let half = (x1 - x0) / 2 * 0.53
        canvas.fill(BoxShape(middle - half, level - 0.1, middle + half, level + 0.1), beam)
    }

    private mutating func paintGableEye(x: Float, y: Float, size: Float) {
        guard size > 0.2 else { return }
        if ornamentBudget > 0, random.chance(0.45) {
            paintOrnament(x: x, y: y, size: size * 1.6)
        } else {
            canvas.fill(EllipseShape(x, y, size * 1.25), trim)
            canvas.fill(EllipseShape(x, y, size), FlatPaint(design.palette.glass), glow: random.chance(0.4) ? 0.7 : 0)
            canvas.fill(BoxShape(x - 0.04, y - size, x + 0.04, y + size), trim)
            canvas.fill(BoxShape(x - size, y - 0.04, x + size, y + 0.04), trim)
        }
    }
}
