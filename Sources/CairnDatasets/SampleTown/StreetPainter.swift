/// Paints ordinary houses: a landmark's neighbours, and the streets of views that show no landmark.
struct StreetPainter {
    let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// Rows of houses to the left and right of a landmark, set back a little.
    func neighbours(of design: LandmarkDesign) -> [Panel] {
        var random = SplitMix64(seed: seed, path: 50)
        let gap = random.float(0.5...7)
        let setback = Double(random.float(1...6))
        return [
            row(length: 24, scale: 15, right: -gap, setback: setback, random: &random),
            row(length: 24, scale: 15, left: design.width + gap, setback: setback + 1, random: &random),
        ]
    }

    /// One row of houses that starts at `left` or ends at `right`.
    func row(
        length: Float, scale: Float, left: Float? = nil, right: Float? = nil, setback: Double,
        random: inout SplitMix64
    ) -> Panel {
        let seed = random.next()
        var houses = LandmarkDesign(bodySeed: seed, detailSeed: random.next(), style: .townhouses)
        houses.blocks = []
        var x: Float = 0
        while x < length {
            var lot = LandmarkDesign(bodySeed: random.next(), detailSeed: 0, style: .townhouses).blocks[0]
            lot.x = x
            lot.usesSecondWall = random.chance(0.5)
            x += lot.width
            houses.blocks.append(lot)
        }
        let height = houses.height + 0.3
        let canvas = Canvas(
            width: max(8, Int(x * scale)), height: max(8, Int(height * scale)), scale: scale, top: height, glows: true)
        var painter = FacadePainter(houses, on: canvas, ornaments: 0)
        painter.paint()
        let start = left ?? (right ?? 0) - x
        return Panel(
            MipTexture(canvas), origin: SIMD3(Double(start), Double(height), -setback), across: SIMD3(1, 0, 0),
            down: SIMD3(0, -1, 0), scale: Double(scale), facing: .front)
    }
}
