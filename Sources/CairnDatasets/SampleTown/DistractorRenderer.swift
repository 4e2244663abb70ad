import CairnCore
import CairnImaging

/// Renders views that show no landmark: streets, parks, things on a table, patterns.
struct DistractorRenderer {
    let difficulty: TownDifficulty
    let longSide: Int
    let seed: UInt64

    /// A view of one kind.
    func render(_ kind: TownView.Kind, random: inout SplitMix64) -> TownView {
        let short = longSide * 3 / 4
        let isPortrait = random.chance(0.3)
        let size = isPortrait ? ImageSize(width: short, height: longSide) : ImageSize(width: longSide, height: short)
        let canvas = Canvas(width: size.width, height: size.height, scale: 1, top: 0)
        var time: TimeOfDay?
        switch kind {
        case .street, .park:
            let drawn = random.pick(difficulty.times)
            time = drawn
            paintOutdoors(canvas, isStreet: kind == .street, time: drawn, random: &random)
        case .stillLife: StillLifePainter(canvas: canvas).paint(random: &random)
        default: paintAbstract(canvas, random: &random)
        }
        let stop = Float(difficulty.exposure) * random.float(-1...1)
        let tint = Float(difficulty.whiteBalance)
        let developer = ViewDeveloper(
            exposure: stop >= 0 ? 1 + stop : 1 / (1 - stop),
            balance: [1 + tint * random.float(-1...1), 1 + tint * random.float(-1...1)],
            noise: Float(difficulty.noise) * random.float(0.4...0.9), blur: Float(difficulty.blur) * random.unit(),
            seed: UInt32(truncatingIfNeeded: random.next()))
        return TownView(
            image: developer.develop(canvas), label: nil, kind: kind, time: time, homography: nil, pose: nil,
            facadeShare: 0)
    }

    private func paintOutdoors(_ canvas: Canvas, isStreet: Bool, time: TimeOfDay, random: inout SplitMix64) {
        let environment = Environment(place: random.next(), inPark: !isStreet, time: time, random: &random)
        let yaw = Double(random.float(-0.6...0.6))
        let range = Double(random.float(14...24))
        let pose = CameraPose(
            position: SIMD3(
                range * PortableMath.sine(yaw), Double(random.float(1.6...3)), range * PortableMath.cosine(yaw)),
            target: SIMD3(0, Double(random.float(2.5...4.5)), 0), roll: Double(random.float(-0.04...0.04)),
            focalLength: Double(longSide) * Double(random.float(0.7...1.1)), width: canvas.width, height: canvas.height)
        environment.paint(on: canvas, pose: pose)
        if isStreet {
            let painter = StreetPainter(seed: seed)
            let row = painter.row(length: 38, scale: 22, left: -20, setback: 0, random: &random)
            SceneRenderer.draw(row, pose: pose, light: environment.light, on: canvas)
        }
        var painter = OccluderPainter(canvas: canvas, light: environment.light, random: random.split())
        var spots = (0..<(isStreet ? random.int(2...8) : random.int(9...16))).map { _ in
            (x: random.float(-15...15), z: random.float(isStreet ? 1...9 : -30...8))
        }
        spots.sort { $0.z < $1.z }
        for spot in spots {
            let foot = pose.project(x: Double(spot.x), y: 0, z: Double(spot.z))
            guard foot.depth > 3 else { continue }
            let kinds: [OccluderPainter.Kind] =
                isStreet
                ? [.car, .person, .person, .lamp, .tree, .stall, .bollards]
                : [.tree, .tree, .tree, .bush, .person, .lamp]
            painter.draw(
                random.pick(kinds), x: Float(foot.x), y: Float(foot.y), scale: Float(pose.focalLength / foot.depth))
        }
    }

    private func paintAbstract(_ canvas: Canvas, random: inout SplitMix64) {
        let width = Float(canvas.width)
        let height = Float(canvas.height)
        canvas.place(x: 0, y: height, scale: 1)
        let whole = BoxShape(0, 0, width, height)
        let tones = (0..<random.int(2...5)).map { _ in Tone(hex: random.pick(TownPalette.accents + TownPalette.walls)) }
        if random.chance(0.4) {
            canvas.place(x: 0, y: height, scale: 90)
            let masonry = random.pick(Masonry.allCases)
            let paint = MasonryPaint(masonry, base: tones[0], second: tones[1], scale: 90, random: &random)
            canvas.fill(BoxShape(0, 0, width / 90, height / 90), paint)
            return
        }
        canvas.fill(
            whole,
            PatternPaint(
                kind: random.pick(PatternPaint.Kind.allCases), tones: tones, unit: random.float(14...80),
                seed: UInt32(truncatingIfNeeded: random.next())))
        for _ in 0..<random.int(0...40) {
            let tone = FlatPaint(random.pick(tones).lit(random.float(0.6...1.3)).faded(random.float(0.5...1)))
            let at = SIMD2(random.unit() * width, random.unit() * height)
            let radius = random.float(8...70)
            switch random.int(0...3) {
            case 0: canvas.fill(EllipseShape(at.x, at.y, radius), tone)
            case 1: canvas.fill(EllipseShape(at.x, at.y, radius, thickness: radius * 0.3), tone)
            case 2:
                canvas.fill(
                    LineShape(at, at + [random.float(-90...90), random.float(-90...90)], thickness: radius * 0.2), tone)
            default:
                canvas.fill(
                    PolygonShape(at, at + [radius, random.float(-40...40)], at + [random.float(-40...40), radius]), tone
                )
            }
        }
    }
}
