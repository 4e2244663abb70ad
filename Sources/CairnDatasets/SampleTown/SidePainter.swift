/// Paints what is seen of a building beside its façade: flank walls and roof slopes.
struct SidePainter {
    let design: LandmarkDesign

    init(_ design: LandmarkDesign) { self.design = design }

    /// All flanks and slopes, in no order.
    func paint(scale: Float) -> [Panel] {
        var random = SplitMix64(seed: design.detailSeed, path: 40)
        var panels: [Panel] = []
        for block in design.blocks {
            panels += flanks(of: block, scale: scale, random: &random)
            panels += slopes(of: block, scale: scale * 0.7, random: &random)
        }
        return panels
    }

    /// The flank walls that no neighbouring body hides; both show one picture.
    private func flanks(of block: LandmarkDesign.Block, scale: Float, random: inout SplitMix64) -> [Panel] {
        let x0 = block.x
        let x1 = block.x + block.width
        func isHidden(at x: Float, towards side: Float) -> Bool {
            design.blocks.contains { other in
                other.height >= block.height && other.depth >= block.depth * 0.9
                    && other.x < x + side * 0.2 && x + side * 0.2 < other.x + other.width
            }
        }
        let showsLeft = !isHidden(at: x0, towards: -1)
        let showsRight = !isHidden(at: x1, towards: 1)
        guard showsLeft || showsRight else { return [] }
        let takesSecond = block.usesSecondWall
        let masonry = takesSecond && design.masonry == .brick ? Masonry.plaster : design.masonry
        let paint = MasonryPaint(
            masonry, base: takesSecond ? design.palette.wallTwo : design.palette.wall, second: design.palette.wallTwo,
            scale: scale, random: &random)
        let canvas = Canvas(
            width: max(4, Int(block.depth * scale)), height: max(4, Int(block.height * scale)), scale: scale,
            top: block.height, glows: true)
        canvas.fill(BoxShape(0, 0, block.depth, block.height), paint)
        paintWindows(block, on: canvas, random: &random)
        canvas.shade(BoxShape(0, 0, block.depth, 0.2), factor: 0.6, feather: 1)
        let texture = MipTexture(canvas)
        let height = Double(block.height)
        var panels: [Panel] = []
        if showsRight {
            panels.append(
                Panel(
                    texture, origin: SIMD3(Double(x1), height, 0), across: SIMD3(0, 0, -1), down: SIMD3(0, -1, 0),
                    scale: Double(scale), facing: .right))
        }
        if showsLeft {
            panels.append(
                Panel(
                    texture, origin: SIMD3(Double(x0), height, Double(-block.depth)), across: SIMD3(0, 0, 1),
                    down: SIMD3(0, -1, 0), scale: Double(scale), facing: .left))
        }
        return panels
    }

    private func paintWindows(_ block: LandmarkDesign.Block, on canvas: Canvas, random: inout SplitMix64) {
        let bays = max(1, Int(block.depth / 3.2))
        let floorHeight = (block.height - design.plinth) / Float(block.floors)
        let bay = block.depth / Float(bays)
        for floor in 0..<block.floors {
            let style = design.floorStyles[min(floor, design.floorStyles.count - 1)]
            let foot = design.plinth + (Float(floor) + 0.22) * floorHeight
            for index in 0..<bays {
                let x = (Float(index) + 0.5) * bay
                let half = bay * style.width * 0.42
                let opening = ArchShape(x - half, foot, x + half, foot + floorHeight * style.height, head: style.head)
                canvas.fill(opening.grown(by: 0.15), FlatPaint(design.palette.trim.lit(0.9)))
                let glass = design.palette.glass.lit(random.float(0.7...1.6))
                canvas.fill(opening, FlatPaint(glass), glow: random.chance(0.4) ? random.float(0.4...1) : 0)
                canvas.fill(BoxShape(x - 0.05, foot, x + 0.05, opening.bounds.maxY), FlatPaint(design.palette.trim))
            }
        }
    }

    private func slopes(of block: LandmarkDesign.Block, scale: Float, random: inout SplitMix64) -> [Panel] {
        let roof = design.palette.roof
        let paint = MasonryPaint(.tiles, base: roof, second: roof.lit(0.7), scale: scale, random: &random)
        let x0 = Double(block.x)
        let width = Double(block.width)
        let foot = Double(block.height)
        let depth = Double(block.depth)
        switch block.top {
        case .gable, .stepped, .curved, .pediment:
            let rise = Double(block.topHeight) * (block.top == .gable || block.top == .pediment ? 1 : 0.8)
            let length = (width * width / 4 + rise * rise).squareRoot()
            let canvas = Canvas(
                width: max(4, Int(depth * Double(scale))), height: max(4, Int(length * Double(scale))), scale: scale,
                top: Float(length))
            canvas.fill(BoxShape(0, 0, Float(depth), Float(length)), paint)
            let texture = MipTexture(canvas)
            let fall = SIMD3(width / 2, -rise, 0) / length
            return [
                Panel(
                    texture, origin: SIMD3(x0 + width / 2, foot + rise, 0), across: SIMD3(0, 0, -1), down: fall,
                    scale: Double(scale), facing: .roof),
                Panel(
                    texture, origin: SIMD3(x0 + width / 2, foot + rise, -depth), across: SIMD3(0, 0, 1),
                    down: SIMD3(-fall.x, fall.y, 0), scale: Double(scale), facing: .roof),
            ]
        case .cornice, .balustrade:
            guard block.width > 6, design.style != .modern, design.style != .theatre else { return [] }
            // A hipped roof behind the cornice; its hips run in by as much as it rises.
            let rise = min(depth / 2, 3.2)
            let length = (rise * rise + depth * depth / 4).squareRoot()
            let canvas = Canvas(
                width: max(4, Int(width * Double(scale))), height: max(4, Int(length * Double(scale))), scale: scale,
                top: Float(length))
            let inset = min(Float(width) * 0.4, Float(depth) / 2)
            canvas.fill(
                PolygonShape(
                    [0, 0], [Float(width), 0], [Float(width) - inset, Float(length)], [inset, Float(length)]), paint)
            return [
                Panel(
                    MipTexture(canvas), origin: SIMD3(x0, foot + rise, -depth / 2), across: SIMD3(1, 0, 0),
                    down: SIMD3(0, -rise, depth / 2) / length, scale: Double(scale), facing: .roof)
            ]
        default: return []
        }
    }
}
