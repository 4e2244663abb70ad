/// Paints spires, domes, onions and lanterns.
struct CrownPainter {
    let design: LandmarkDesign
    var random: SplitMix64

    init(_ design: LandmarkDesign) {
        self.design = design
        random = SplitMix64(seed: design.detailSeed, path: 30)
    }

    /// The crown's picture at `scale` texels to a metre: its foot at the lower edge, room for a finial above.
    mutating func paint(_ crown: LandmarkDesign.Crown, scale: Float) -> (canvas: Canvas, halfWidth: Float, top: Float) {
        let halfWidth = crown.width * 0.68
        let top = crown.height * 1.3
        let canvas = Canvas(
            width: max(8, Int(2 * halfWidth * scale)), height: max(8, Int((top + 0.6) * scale)), scale: scale,
            left: -halfWidth, top: top, glows: true)
        let half = crown.width / 2
        let roof = design.palette.roof
        let trim = design.palette.trim
        let turned = TurnedPaint(
            tone: roof, x0: -half, x1: half, ribs: Float(random.int(4...9)), seed: random.float(0...256))
        let tiles = MasonryPaint(.tiles, base: roof, second: roof.lit(0.65), scale: scale, random: &random)
        var peak = crown.height
        switch crown.kind {
        case .spire:
            canvas.fill(PolygonShape([-half, 0], [half, 0], [0, peak]), tiles)
            shadeRight(canvas, half: half, peak: peak)
        case .cone:
            canvas.fill(PolygonShape([-half * 1.15, 0], [half * 1.15, 0], [0, peak]), tiles)
            shadeRight(canvas, half: half * 1.15, peak: peak)
        case .pyramid:
            canvas.fill(
                PolygonShape([-half * 1.2, 0], [half * 1.2, 0], [half * 0.1, peak], [-half * 0.1, peak]), tiles)
            shadeRight(canvas, half: half * 1.2, peak: peak)
        case .onion:
            canvas.fill(
                ProfileShape(
                    0, foot: -0.1, height: peak, halfWidths: SIMD8(0.78, 0.98, 1.12, 1.02, 0.66, 0.3, 0.12, 0.03) * half
                ), turned)
        case .dome:
            let drum = peak * 0.32
            let drumPaint = TurnedPaint(tone: design.palette.wall, x0: -half, x1: half, seed: random.float(0...256))
            canvas.fill(BoxShape(-half * 0.94, -0.2, half * 0.94, drum), drumPaint)
            for index in 0..<7 {
                let t = (Float(index) + 0.5) / 7 * 2 - 1
                let x = half * 0.94 * PortableMath.sine(t * 1.4)
                let width = half * 0.13 * (1 - abs(t) * 0.7)
                canvas.fill(
                    ArchShape(x - width, drum * 0.15, x + width, drum * 0.85, head: .round),
                    FlatPaint(design.palette.glass.lit(random.float(0.7...1.4))), glow: random.chance(0.5) ? 0.8 : 0)
            }
            canvas.fill(BoxShape(-half * 1.02, drum - 0.25, half * 1.02, drum), FlatPaint(trim))
            canvas.fill(
                ProfileShape(
                    0, foot: drum, height: peak - drum,
                    halfWidths: SIMD8(1, 0.985, 0.94, 0.86, 0.74, 0.58, 0.37, 0.1) * half), turned)
            canvas.fill(BoxShape(-half * 0.12, peak - 0.1, half * 0.12, peak * 1.12), FlatPaint(trim))
            canvas.fill(EllipseShape(0, peak * 1.12, half * 0.14), FlatPaint(roof.lit(1.1)))
            peak *= 1.15
        case .lantern:
            let drum = peak * 0.5
            canvas.fill(
                BoxShape(-half * 0.7, -0.2, half * 0.7, drum),
                TurnedPaint(tone: trim, x0: -half, x1: half, seed: random.float(0...256)))
            for index in 0..<3 {
                let x = half * 0.44 * Float(index - 1)
                canvas.fill(
                    ArchShape(x - half * 0.15, drum * 0.12, x + half * 0.15, drum * 0.85, head: .round),
                    FlatPaint(design.palette.glass), glow: 0.9)
            }
            canvas.fill(BoxShape(-half * 0.85, drum - 0.15, half * 0.85, drum + 0.1), FlatPaint(trim.lit(0.85)))
            canvas.fill(
                ProfileShape(
                    0, foot: drum, height: peak - drum,
                    halfWidths: SIMD8(0.85, 0.84, 0.72, 0.5, 0.28, 0.18, 0.1, 0.02) * half), turned)
        }
        paintFinial(canvas, foot: peak)
        return (canvas, halfWidth, top)
    }

    private func shadeRight(_ canvas: Canvas, half: Float, peak: Float) {
        canvas.shade(PolygonShape([half * 0.1, 0], [half * 1.1, 0], [0, peak]), factor: 0.72, feather: half * 0.12)
    }

    private mutating func paintFinial(_ canvas: Canvas, foot: Float) {
        let gold = FlatPaint(Tone(hex: random.pick([0xC9A24A, 0x4A4A4A, 0xB7BDB5])))
        canvas.fill(BoxShape(-0.06, foot - 0.3, 0.06, foot + 1.3), gold)
        canvas.fill(EllipseShape(0, foot + 0.3, 0.2), gold)
        if random.chance(0.5) {
            let flag = FlatPaint(design.palette.accent)
            canvas.fill(PolygonShape([0, foot + 1.3], [0, foot + 0.75], [random.float(0.6...1.1), foot + 1.0]), flag)
        } else {
            canvas.fill(BoxShape(-0.3, foot + 0.85, 0.3, foot + 0.97), gold)
        }
    }
}
