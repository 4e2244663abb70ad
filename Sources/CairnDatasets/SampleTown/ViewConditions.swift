import CairnCore

/// What was drawn by lot for one view of a landmark.
struct ViewConditions {
    var size: ImageSize
    var pose: CameraPose
    var kind: TownView.Kind
    var time: TimeOfDay
    var exposure: Float
    var balance: SIMD2<Float>
    var noise: Float
    var blur: Float
    var occluders: Int
    var shadow: CastShadow?
    var seed: UInt64

    /// Draws a view: when, from where, how close, and how well it was photographed.
    init(of landmark: Landmark, difficulty: TownDifficulty, longSide: Int, random: inout SplitMix64) {
        let design = landmark.design
        let width = Double(design.width)
        let height = Double(design.fullHeight)
        let isPortrait = height > width * 1.05 ? random.chance(0.8) : random.chance(0.12)
        let short = longSide * 3 / 4
        size = isPortrait ? ImageSize(width: short, height: longSide) : ImageSize(width: longSide, height: short)

        time = random.pick(difficulty.times)
        let isDetail = random.chance(Float(difficulty.detailShare))
        // Both ends of the range are as likely as its middle; most photographers do stand near the axis, though.
        let lean = Double(random.float(-1...1))
        let yaw = (lean * 0.65 + lean * abs(lean) * 0.35) * difficulty.yaw * .pi / 180
        let closest = max(1, difficulty.zoom)
        let zoom =
            isDetail
            ? Double(random.float(Float(min(1.35, closest))...Float(closest))) : Double(random.float(0.92...1.24))
        let focal = Double(longSide) * Double(random.float(0.85...1.35))

        // Far enough for the whole building to fit at zoom 1, whichever side is the tight one.
        let apparent = width * PortableMath.cosine(yaw) + 6 * abs(PortableMath.sine(yaw))
        let distance =
            max(
                focal * apparent / (Double(size.width) * 0.86), focal * height / (Double(size.height) * 0.8)) / zoom
        let eye = isDetail ? Double(random.float(1.6...3.5)) : Double(random.float(1.6...6))
        var target = SIMD3(width / 2, height * 0.47, 0)
        if isDetail {
            // A spot on some body's wall, rather than in the sky beside a tower.
            let block = random.pick(design.blocks)
            target.x = Double(block.x + block.width * random.float(0.2...0.8))
            target.y = Double(block.height * random.float(0.3...0.85))
        } else {
            target.x += width * Double(random.float(-0.06...0.06))
            target.y += height * Double(random.float(-0.05...0.05))
        }
        let range = max(distance, 4)
        let position = SIMD3(
            target.x + range * PortableMath.sine(yaw), max(1.5, eye), range * PortableMath.cosine(yaw))
        let roll = Double(random.float(-1...1)) * difficulty.roll * .pi / 180
        pose = CameraPose(
            position: position, target: target, roll: roll, focalLength: focal, width: size.width, height: size.height)

        let isDark = time == .night || time == .dusk
        kind = isDark ? .night : isDetail ? .detail : abs(yaw) > 0.33 ? .oblique : .frontal
        let stop = Float(difficulty.exposure) * random.float(-1...1)
        exposure = stop >= 0 ? 1 + stop : 1 / (1 - stop)
        let tint = Float(difficulty.whiteBalance)
        balance = SIMD2(1 + tint * random.float(-1...1), 1 + tint * random.float(-1...1))
        noise = Float(difficulty.noise) * random.float(0.5...1) * (isDark ? 1.4 : 0.7)
        blur = Float(difficulty.blur) * random.unit()
        occluders = difficulty.occluders > 0 ? random.int(0...difficulty.occluders) : 0
        if random.chance(Float(difficulty.castShadow)), !isDark {
            let slope = random.float(-0.8...0.8)
            let length = (1 + slope * slope).squareRoot()
            let across = Float(landmark.facadeSize.width)
            let side: Float = random.chance(0.5) ? 1 : -1
            let nx = side / length
            let ny = slope / length
            let pivot = across * random.float(0.2...0.8)
            shadow = CastShadow(
                nx: nx, ny: ny, offset: nx * pivot + ny * Float(landmark.facadeSize.height) / 2,
                softness: 1 / random.float(6...40), factor: SceneLight(time).shadow)
        }
        seed = random.next()
    }
}
