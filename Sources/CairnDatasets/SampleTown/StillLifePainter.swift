/// Paints fruit, bottles, cups and books on a table.
struct StillLifePainter {
    let canvas: Canvas

    /// Fills the whole canvas.
    func paint(random: inout SplitMix64) {
        let scale = Float(min(canvas.width, canvas.height)) / 4
        let width = Float(canvas.width) / scale
        let height = Float(canvas.height) / scale
        canvas.place(x: 0, y: Float(canvas.height), scale: scale)
        let wall = MasonryPaint(
            .plaster, base: Tone(hex: random.pick(TownPalette.walls)), second: Tone(hex: 0x9A8570), scale: scale,
            random: &random)
        canvas.fill(BoxShape(0, 0, width, height), wall)
        if random.chance(0.5) {
            let paper = PatternPaint(
                kind: random.pick(PatternPaint.Kind.allCases),
                tones: [
                    Tone(hex: random.pick(TownPalette.walls)).faded(0.6),
                    Tone(hex: random.pick(TownPalette.walls)).faded(0.6),
                ],
                unit: random.float(0.12...0.4), seed: UInt32(truncatingIfNeeded: random.next()))
            canvas.fill(BoxShape(0, 0, width, height), paper)
        }
        let table = height * random.float(0.3...0.44)
        let wood = MasonryPaint(
            .planks, base: Tone(hex: random.pick([0x8A6242, 0xA9805A, 0x6B4B36, 0xC9AE8C])),
            second: Tone(hex: 0x5A3F2C), scale: scale, random: &random)
        canvas.fill(BoxShape(0, 0, width, table), wood)
        canvas.shade(BoxShape(0, table - 0.04, width, table + 0.02), factor: 0.6, feather: 0.12)
        let count = random.int(5...9)
        for index in 0..<count {
            let depth = 1 - Float(index) / Float(count)
            let x = width * random.float(0.1...0.9)
            let foot = table * (0.25 + 0.6 * depth)
            canvas.shade(EllipseShape(x + 0.12, foot + 0.02, 0.5, 0.1), factor: 0.55, feather: 0.2)
            paintThing(x: x, foot: foot, random: &random)
        }
    }

    private func paintThing(x: Float, foot: Float, random: inout SplitMix64) {
        let tone = Tone(
            hex: random.pick([0xC0392B, 0xE0A030, 0x6F9A3A, 0xD9662B, 0x3F6E8E, 0x7A4A7A, 0xE6DCC8, 0x2F6B55]))
        switch random.int(0...4) {
        case 0, 1:
            let radius = random.float(0.26...0.42)
            canvas.fill(
                EllipseShape(x, foot + radius, radius),
                TurnedPaint(tone: tone, x0: x - radius, x1: x + radius, seed: random.float(0...256)))
            canvas.fill(
                EllipseShape(x - radius * 0.35, foot + radius * 1.4, radius * 0.16), FlatPaint(Tone(1, 1, 1, 0.55)))
            canvas.fill(
                LineShape([x, foot + radius * 1.9], [x + 0.06, foot + radius * 2.3], thickness: 0.05),
                FlatPaint(Tone(hex: 0x4A3520)))
        case 2:
            let tall = random.float(1.5...2.3)
            canvas.fill(
                ProfileShape(
                    x, foot: foot, height: tall, halfWidths: SIMD8(0.27, 0.3, 0.3, 0.3, 0.26, 0.11, 0.1, 0.11)),
                TurnedPaint(tone: tone.lit(0.55), x0: x - 0.3, x1: x + 0.3, seed: random.float(0...256)))
            canvas.fill(
                BoxShape(x - 0.24, foot + tall * 0.2, x + 0.24, foot + tall * 0.48), FlatPaint(Tone(hex: 0xEFE6D0)))
            for _ in 0..<5 {
                let at = SIMD2(x + random.float(-0.18...0.18), foot + tall * random.float(0.24...0.44))
                canvas.fill(
                    LineShape(at, at + [random.float(-0.1...0.1), random.float(-0.08...0.08)], thickness: 0.03),
                    FlatPaint(tone.lit(0.7)))
            }
        case 3:
            let tall = random.float(0.5...0.8)
            canvas.fill(
                EllipseShape(x + 0.36, foot + tall * 0.55, 0.17, tall * 0.28, thickness: 0.07),
                FlatPaint(tone.lit(0.85)))
            canvas.fill(
                ProfileShape(
                    x, foot: foot, height: tall, halfWidths: SIMD8(0.24, 0.29, 0.32, 0.33, 0.34, 0.34, 0.35, 0.36)),
                TurnedPaint(tone: tone, x0: x - 0.34, x1: x + 0.34, seed: random.float(0...256)))
            canvas.fill(EllipseShape(x, foot + tall, 0.35, 0.07), FlatPaint(tone.lit(0.45)))
        default:
            var y = foot
            for _ in 0..<random.int(1...4) {
                let cover = FlatPaint(Tone(hex: random.pick(TownPalette.accents)))
                let half = random.float(0.45...0.65)
                let shift = random.float(-0.1...0.1)
                canvas.fill(BoxShape(x - half + shift, y, x + half + shift, y + 0.2), cover)
                canvas.fill(
                    BoxShape(x - half + shift + 0.06, y + 0.04, x + half + shift, y + 0.16),
                    FlatPaint(Tone(hex: 0xEDE4D0)))
                y += 0.21
            }
        }
    }
}
