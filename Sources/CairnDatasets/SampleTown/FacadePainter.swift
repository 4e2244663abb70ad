/// Paints a design's façade: bodies back to front, each with its wall, storeys, openings, top and ornaments.
///
/// What a look-alike shares comes from the design; everything drawn from `random` is this building's alone.
struct FacadePainter {
    let canvas: Canvas
    let design: LandmarkDesign
    var random: SplitMix64
    let walls: [MasonryPaint]
    let rustic: MasonryPaint
    let trim: MasonryPaint
    let roofing: MasonryPaint

    /// How many large ornaments the façade has room for; plain houses get none.
    var ornamentBudget: Int

    init(_ design: LandmarkDesign, on canvas: Canvas, ornaments: Int) {
        self.canvas = canvas
        self.design = design
        random = SplitMix64(seed: design.detailSeed, path: 20)
        ornamentBudget = ornaments
        let palette = design.palette
        // A slight tint of its own: no two look-alikes were painted from one pot.
        let tint = random.float(0.97...1.03)
        let scale = canvas.scale
        walls = [
            MasonryPaint(
                design.masonry, base: palette.wall.lit(tint), second: palette.wallTwo, scale: scale, random: &random),
            MasonryPaint(
                design.masonry == .brick ? .plaster : design.masonry, base: palette.wallTwo.lit(tint),
                second: palette.wall, scale: scale, random: &random),
        ]
        rustic = MasonryPaint(
            .ashlar, base: palette.wall.mixed(palette.trim, 0.3).lit(0.86), second: palette.wall.lit(0.7),
            scale: scale, random: &random)
        trim = MasonryPaint(.plaster, base: palette.trim, second: palette.wall, scale: scale, random: &random)
        roofing = MasonryPaint(.tiles, base: palette.roof, second: palette.roof.lit(0.7), scale: scale, random: &random)
    }

    /// Paints everything that stands in the façade's plane.
    mutating func paint() {
        for block in design.blocks { paint(block) }
        paintStreetLife()
    }

    private mutating func paint(_ block: LandmarkDesign.Block) {
        let wall = walls[block.usesSecondWall ? 1 : 0]
        let right = block.x + block.width
        paintTop(block, wall: wall)
        canvas.fill(BoxShape(block.x, 0, right, block.height), wall)
        // Bodies that stand beside a higher one lie in its shade a little.
        canvas.shade(BoxShape(right - 0.02, 0, right, block.height), factor: 0.8, feather: 0.5)
        if block.timbered { paintTimber(block) }
        paintEdges(block)
        paintFloors(block)
        paintFoot(block)
        paintCornice(block)
        if block.columns { paintColumns(block) }
        if block.door { paintDoor(block) }
        if block.passage { paintPassage(block) }
        paintOrnaments(block)
    }

    /// A piece in relief: its shadow below and to the right, its body, a lit upper edge.
    func raised(_ box: BoxShape, _ paint: some Paint, by depth: Float) {
        let b = box.bounds
        canvas.shade(
            BoxShape(b.minX + depth, b.minY - depth * 1.4, b.maxX + depth, b.maxY), factor: 0.66, feather: depth)
        canvas.fill(box, paint)
        canvas.shade(BoxShape(b.minX, b.maxY - 0.05, b.maxX, b.maxY), factor: 1.14)
        canvas.shade(BoxShape(b.minX, b.minY, b.maxX, b.minY + 0.05), factor: 0.72)
    }

    private mutating func paintEdges(_ block: LandmarkDesign.Block) {
        let right = block.x + block.width
        switch block.edge {
        case .plain: break
        case .quoins:
            var y = design.plinth
            var wide = true
            while y < block.height - 0.5 {
                let size: Float = wide ? 0.75 : 0.48
                for x in [block.x, right - size] {
                    let stone = FlatPaint(design.palette.trim.lit(random.float(0.78...1.02)))
                    raised(BoxShape(x, y, x + size, y + 0.42), stone, by: 0.04)
                }
                y += 0.48
                wide.toggle()
            }
        case .pilasters:
            let bay = block.width / Float(block.bays)
            for index in 0...block.bays {
                let x = min(right - 0.5, max(block.x, block.x + Float(index) * bay - 0.25))
                raised(BoxShape(x, design.plinth, x + 0.5, block.height - 0.3), trim, by: 0.09)
                raised(BoxShape(x - 0.1, block.height - 0.75, x + 0.6, block.height - 0.3), trim, by: 0.06)
                raised(BoxShape(x - 0.08, design.plinth, x + 0.58, design.plinth + 0.4), trim, by: 0.06)
            }
        case .buttresses:
            for x in [block.x, right - 0.8] {
                raised(BoxShape(x, 0, x + 0.8, block.height * 0.62), rustic, by: 0.16)
                raised(BoxShape(x + 0.1, block.height * 0.62, x + 0.7, block.height * 0.9), rustic, by: 0.1)
            }
        }
    }

    private mutating func paintFloors(_ block: LandmarkDesign.Block) {
        let floorHeight = (block.height - design.plinth) / Float(block.floors)
        let bay = block.width / Float(block.bays)
        for floor in 0..<block.floors {
            let foot = design.plinth + Float(floor) * floorHeight
            if floor > 0, floor % design.bandsEvery == 0, !block.timbered {
                raised(BoxShape(block.x, foot - 0.1, block.x + block.width, foot + 0.14), trim, by: 0.08)
            }
            guard block.windows else { continue }
            let style = design.floorStyles[min(floor, design.floorStyles.count - 1)]
            let isTopOfTower = block.clock && floor == block.floors - 1
            let isRose = block.rose && floor == block.floors - 1
            if isTopOfTower {
                paintClock(
                    x: block.x + block.width / 2, y: foot + floorHeight * 0.52, radius: min(bay, floorHeight) * 0.36)
                if block.bays == 1 { continue }
            }
            if isRose, !isTopOfTower {
                paintRose(
                    x: block.x + block.width / 2,
                    y: block.height - min(block.width * 0.2, floorHeight * 0.36) * 1.3 - 0.7,
                    radius: min(block.width * 0.2, floorHeight * 0.36))
            }
            for index in 0..<block.bays {
                let x = block.x + (Float(index) + 0.5) * bay
                let middle = abs(x - block.x - block.width / 2) < bay * 0.6
                if floor == 0, block.door, middle { continue }
                if (isRose || isTopOfTower), abs(x - block.x - block.width / 2) < block.width * 0.24 { continue }
                if block.passage, floor < 2, abs(x - block.x - block.width / 2) < block.width * 0.36 { continue }
                paintWindow(
                    style, x: x, foot: foot + floorHeight * (1 - style.height) * 0.45, width: bay * style.width,
                    height: floorHeight * style.height, floor: floor)
            }
        }
    }

    private mutating func paintFoot(_ block: LandmarkDesign.Block) {
        let right = block.x + block.width
        raised(BoxShape(block.x, 0, right, design.plinth), rustic, by: 0.06)
        canvas.shade(BoxShape(block.x, -0.3, right, 0.1), factor: 0.6, feather: 0.9)
    }

    private mutating func paintCornice(_ block: LandmarkDesign.Block) {
        let right = block.x + block.width
        guard !block.timbered, block.top != .gable, block.top != .stepped else { return }
        let thickness = max(0.3, min(0.6, block.height * 0.035))
        raised(BoxShape(block.x - 0.15, block.height - thickness, right + 0.15, block.height), trim, by: 0.2)
        var x = block.x + 0.1
        let step: Float = design.style == .modern ? 1e9 : 0.5
        while x < right - 0.3 {
            raised(BoxShape(x, block.height - thickness - 0.24, x + 0.25, block.height - thickness), trim, by: 0.06)
            x += step
        }
        // A frieze below the cornice carries signs that no other building has.
        guard design.style != .modern, design.style != .castle, ornamentBudget > 0, block.width > 5,
            block.height > 6, !block.clock || block.bays > 1, random.chance(0.7)
        else { return }
        paintFrieze(
            BoxShape(block.x + 0.6, block.height - thickness - 1.0, right - 0.6, block.height - thickness - 0.35))
    }

    private mutating func paintTimber(_ block: LandmarkDesign.Block) {
        let beam = FlatPaint(design.palette.door.lit(0.75))
        let floorHeight = (block.height - design.plinth) / Float(block.floors)
        let bay = block.width / Float(block.bays)
        for floor in 0..<block.floors {
            let foot = design.plinth + Float(floor) * floorHeight
            for index in 0...(block.bays * 2) {
                let x = block.x + Float(index) * bay / 2
                canvas.fill(BoxShape(x - 0.11, foot, x + 0.11, foot + floorHeight), beam)
                guard index < block.bays * 2 else { continue }
                let left = SIMD2(x, foot)
                switch random.int(0...4) {
                case 0: canvas.fill(LineShape(left, left + [bay / 2, floorHeight], thickness: 0.19), beam)
                case 1:
                    canvas.fill(LineShape(left + [bay / 2, 0], left + [0, floorHeight], thickness: 0.19), beam)
                case 2:
                    canvas.fill(LineShape(left, left + [bay / 2, floorHeight * 0.4], thickness: 0.17), beam)
                    canvas.fill(LineShape(left + [bay / 2, 0], left + [0, floorHeight * 0.4], thickness: 0.17), beam)
                default:
                    canvas.fill(BoxShape(x, foot + floorHeight * 0.3, x + bay / 2, foot + floorHeight * 0.37), beam)
                }
            }
            raised(BoxShape(block.x, foot - 0.16, block.x + block.width, foot + 0.16), beam, by: 0.08)
        }
    }

    private mutating func paintColumns(_ block: LandmarkDesign.Block) {
        let bay = block.width / Float(block.bays)
        let foot = design.plinth
        let top = block.height - 1.1
        // The porch behind the columns lies in shade.
        canvas.shade(BoxShape(block.x + 0.2, foot, block.x + block.width - 0.2, top), factor: 0.62, feather: 0.3)
        raised(BoxShape(block.x, top, block.x + block.width, block.height), trim, by: 0.2)
        if ornamentBudget > 0 {
            paintFrieze(BoxShape(block.x + 0.5, top + 0.25, block.x + block.width - 0.5, top + 0.8))
        }
        for index in 0...block.bays {
            let x = min(block.x + block.width - 0.5, max(block.x + 0.5, block.x + Float(index) * bay))
            let radius = min(0.48, bay * 0.2)
            let shaft = TurnedPaint(
                tone: design.palette.trim, x0: x - radius, x1: x + radius, ribs: 8, seed: random.float(0...256))
            canvas.shade(BoxShape(x + radius * 0.5, foot, x + radius * 2.1, top), factor: 0.68, feather: 0.25)
            canvas.fill(
                ProfileShape(
                    x, foot: foot, height: top - foot,
                    halfWidths: SIMD8(1, 1.02, 1.02, 1, 0.98, 0.95, 0.9, 0.86) * radius), shaft)
            raised(BoxShape(x - radius * 1.3, top - 0.35, x + radius * 1.3, top), trim, by: 0.06)
            raised(BoxShape(x - radius * 1.3, foot, x + radius * 1.3, foot + 0.3), trim, by: 0.06)
        }
        for step in 0..<4 {
            let y = foot * Float(step) / 4
            raised(
                BoxShape(
                    block.x - 0.4 + Float(step) * 0.1, y, block.x + block.width + 0.4 - Float(step) * 0.1, y + foot / 4),
                rustic, by: 0.05)
        }
    }
}
