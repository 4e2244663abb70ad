extension LandmarkDesign {
    /// Lays out bodies and crowns for the style.
    mutating func build(_ random: inout SplitMix64) {
        switch style {
        case .palace: buildPalace(&random)
        case .church: buildChurch(&random)
        case .townhouses, .timbered: buildRow(&random)
        case .tower, .pagoda: buildTower(&random)
        case .gate: buildGate(&random)
        case .temple: buildTemple(&random)
        case .works: buildWorks(&random)
        case .modern, .theatre: buildModern(&random)
        case .domedHall, .station: buildHall(&random)
        case .castle: buildCastle(&random)
        }
    }

    private func body(
        _ x: Float, _ width: Float, _ height: Float, floors: Int, bays: Int, top: Top, topHeight: Float,
        _ random: inout SplitMix64
    ) -> Block {
        Block(
            x: x, width: width, height: height, floors: max(1, floors), bays: max(1, bays), top: top,
            topHeight: topHeight, edge: random.pick([.plain, .quoins, .pilasters]), depth: random.float(8...14))
    }

    private mutating func buildPalace(_ random: inout SplitMix64) {
        let floors = random.int(2...4)
        let floorHeight = random.float(3.6...4.8)
        let height = Float(floors) * floorHeight
        let bay = random.float(2.6...3.4)
        let wingBays = random.int(2...4)
        let middleBays = random.pick([3, 3, 5])
        let wing = Float(wingBays) * bay
        let middle = Float(middleBays) * bay
        let wingTop: Top = random.pick([.balustrade, .eaves, .mansard, .cornice])
        let wingTopHeight = wingTop == .mansard ? 2.6 : Float(1.3)
        for (x, width, bays) in [(0, wing, wingBays), (wing + middle, wing, wingBays)] {
            blocks.append(
                body(x, width, height, floors: floors, bays: bays, top: wingTop, topHeight: wingTopHeight, &random))
        }
        blocks[1].edge = blocks[0].edge
        let rise = random.pick([0, 0.8, 2.2] as [Float])
        var centre = body(
            wing, middle, height + rise, floors: floors, bays: middleBays,
            top: random.pick([.pediment, .pediment, .curved, .balustrade]), topHeight: middle * 0.22, &random)
        centre.door = true
        centre.edge = .pilasters
        centre.columns = random.chance(0.4)
        blocks.append(centre)
        if random.chance(0.55) {
            let width = middle * random.float(0.35...0.6)
            crowns.append(
                Crown(
                    kind: random.pick([.dome, .lantern, .onion]), x: wing + middle / 2, foot: height + rise,
                    width: width, height: middle * 0.22 + width * random.float(1...1.5), depth: 5))
        }
        if random.chance(0.3) { blocks[0].usesSecondWall = true; blocks[1].usesSecondWall = true }
    }

    private mutating func buildChurch(_ random: inout SplitMix64) {
        let nave = random.float(9...15)
        let naveHeight = random.float(9...14)
        let towerWidth = random.float(4.2...6.5)
        let towerHeight = naveHeight * random.float(1.3...2.0)
        let twin = random.chance(0.5)
        let kind: CrownKind = random.pick([.spire, .onion, .pyramid, .spire, .lantern])
        let crownHeight = towerWidth * random.float(kind == .spire ? 1.6...2.6 : 1.0...1.6)
        let left: Float = twin || random.chance(0.5) ? towerWidth : 0
        var hall = body(
            left, nave, naveHeight, floors: random.int(1...2), bays: random.pick([3, 3, 5]),
            top: random.pick([.gable, .gable, .curved, .stepped]), topHeight: nave * random.float(0.4...0.62), &random)
        hall.door = true
        hall.rose = true
        hall.depth = 22
        hall.edge = random.pick([.plain, .buttresses])
        blocks.append(hall)
        for index in 0..<(twin ? 2 : 1) {
            let x = index == 0 ? (left > 0 ? 0 : nave) : left + nave
            var tower = body(
                x, towerWidth, towerHeight, floors: random.int(3...4), bays: 1, top: .cornice, topHeight: 0.5, &random)
            tower.edge = random.pick([.quoins, .buttresses])
            tower.clock = random.chance(0.7)
            tower.depth = towerWidth
            if index == 1 {
                tower = blocks[1]
                tower.x = x
            }
            blocks.append(tower)
            crowns.append(
                Crown(
                    kind: kind, x: x + towerWidth / 2, foot: towerHeight, width: towerWidth * 1.02,
                    height: crownHeight, depth: towerWidth / 2))
        }
    }

    private mutating func buildRow(_ random: inout SplitMix64) {
        var x: Float = 0
        let count = random.int(style == .timbered ? 1...2 : 2...4)
        for index in 0..<count {
            let bays = random.int(2...4)
            let width = Float(bays) * random.float(2.1...2.9)
            let floors = random.int(2...4)
            let top: Top =
                style == .timbered ? .gable : random.pick([.stepped, .curved, .gable, .mansard, .cornice, .stepped])
            let topHeight = top == .cornice ? 0.7 : top == .mansard ? 2.4 : width * random.float(0.5...0.85)
            var house = body(
                x, width, Float(floors) * random.float(2.9...3.6), floors: floors, bays: bays, top: top,
                topHeight: topHeight, &random)
            house.door = true
            house.usesSecondWall = index % 2 == 1
            house.timbered = style == .timbered || random.chance(0.08)
            blocks.append(house)
            x += width
        }
    }

    private mutating func buildTower(_ random: inout SplitMix64) {
        let tiers = style == .pagoda ? random.int(3...5) : random.int(1...3)
        let base = random.float(8...13)
        var foot: Float = 0
        var width = base
        for tier in 0..<tiers {
            let height = style == .pagoda ? random.float(3.4...4.4) : random.float(9...15) / Float(tier + 1) * 1.3
            let floors = style == .pagoda ? 1 : max(1, Int(height / 3.8))
            var body = body(
                (base - width) / 2, width, foot + height, floors: floors + Int(foot / 3.8),
                bays: style == .pagoda ? 3 : random.int(1...3), top: style == .pagoda ? .eaves : .cornice,
                topHeight: style == .pagoda ? 1.6 : 0.6, &random)
            body.door = tier == 0
            body.clock = tier == tiers - 1 && style == .tower
            body.depth = width
            if tier == tiers - 1, style == .tower, random.chance(0.4) {
                body.top = .battlements
                body.topHeight = 1.2
            }
            // The body at the foot hides those behind it, so the highest comes first.
            blocks.insert(body, at: 0)
            foot += height
            width *= style == .pagoda ? random.float(0.76...0.86) : random.float(0.68...0.85)
        }
        let top = blocks[0].width
        let kind: CrownKind = style == .pagoda ? .pyramid : random.pick([.spire, .onion, .pyramid, .lantern, .dome])
        crowns.append(
            Crown(
                kind: kind, x: base / 2, foot: foot, width: top * random.float(0.85...1.0),
                height: top * random.float(kind == .spire ? 1.3...2.2 : 0.8...1.2), depth: top / 2))
    }

    private mutating func buildGate(_ random: inout SplitMix64) {
        let towerWidth = random.float(4...6)
        let middle = random.float(8...12)
        let height = random.float(11...16)
        let round = random.chance(0.5)
        var centre = body(
            towerWidth, middle, height * random.float(0.75...1.1), floors: 3, bays: 3,
            top: random.pick([.battlements, .stepped, .pediment, .curved]), topHeight: middle * 0.25, &random)
        if centre.top == .battlements { centre.topHeight = 1.3 }
        centre.passage = true
        centre.clock = random.chance(0.4)
        blocks.append(centre)
        let kind: CrownKind = random.pick([.cone, .spire, .onion, .pyramid])
        let crownHeight = towerWidth * random.float(0.9...1.6)
        let tower = body(
            0, towerWidth, height, floors: 4, bays: 1, top: round ? .cornice : .battlements,
            topHeight: round ? 0.5 : 1.2, &random)
        for x in [0, towerWidth + middle] {
            var copy = tower
            copy.x = x
            copy.depth = towerWidth
            blocks.append(copy)
            guard round || random.chance(0.4) else { continue }
            crowns.append(
                Crown(
                    kind: kind, x: x + towerWidth / 2, foot: height, width: towerWidth * 1.05, height: crownHeight,
                    depth: towerWidth / 2))
        }
    }

    private mutating func buildTemple(_ random: inout SplitMix64) {
        let bays = random.pick([5, 7, 7, 9])
        let width = Float(bays) * random.float(2.2...2.8)
        let height = random.float(8...12)
        var hall = body(
            0, width, height, floors: 1, bays: bays, top: .pediment, topHeight: width * random.float(0.16...0.24),
            &random)
        hall.columns = true
        hall.door = true
        hall.depth = 24
        blocks.append(hall)
        plinth = random.float(1.2...2.2)
        if random.chance(0.35) {
            let dome = width * random.float(0.4...0.55)
            crowns.append(
                Crown(kind: .dome, x: width / 2, foot: height, width: dome, height: dome * 0.95, depth: 10))
        }
    }

    private mutating func buildWorks(_ random: inout SplitMix64) {
        let bays = random.int(5...8)
        let width = Float(bays) * random.float(2.8...3.6)
        var hall = body(
            0, width, random.float(8...13), floors: random.int(2...3), bays: bays,
            top: random.pick([.sawtooth, .stepped, .gable, .cornice]), topHeight: random.float(2.2...3.6), &random)
        hall.door = true
        hall.edge = .pilasters
        blocks.append(hall)
        guard random.chance(0.7) else { return }
        var tower = body(
            random.chance(0.5) ? -0.1 : width, random.float(4...6), hall.height * random.float(1.4...1.9), floors: 4,
            bays: 1, top: random.pick([.battlements, .cornice, .pediment]), topHeight: 1.3, &random)
        tower.clock = true
        if tower.x < 0 {
            tower.x = 0
            blocks[0].x = tower.width
        }
        blocks.append(tower)
        crowns.append(
            Crown(
                kind: random.pick([.pyramid, .lantern]), x: tower.x + tower.width / 2, foot: tower.height,
                width: tower.width, height: tower.width * 0.8, depth: tower.width / 2))
    }

    private mutating func buildModern(_ random: inout SplitMix64) {
        let parts = random.int(style == .theatre ? 3...3 : 1...3)
        var x: Float = 0
        let floorHeight = random.float(3...3.8)
        var heights = (0..<parts).map { _ in Float(random.int(3...8)) * floorHeight }
        if style == .theatre {
            heights[1] = 5 * floorHeight
            heights[0] = 3 * floorHeight
            heights[2] = 3 * floorHeight
        }
        for index in 0..<parts {
            let bays = random.int(3...6)
            let width = Float(bays) * random.float(2.2...3.4)
            var part = body(
                x, width, heights[index], floors: Int(heights[index] / floorHeight), bays: bays, top: .cornice,
                topHeight: style == .theatre ? 1.0 : 0.5, &random)
            part.usesSecondWall = index % 2 == 1
            part.edge = style == .theatre ? .pilasters : .plain
            part.door = index == parts / 2
            if style == .theatre, index == 1 {
                part.top = random.pick([.stepped, .curved])
                part.topHeight = width * 0.35
            }
            blocks.append(part)
            x += width
        }
    }

    private mutating func buildHall(_ random: inout SplitMix64) {
        let bays = random.int(2...4)
        let bay = random.float(3...4.2)
        let wing = Float(bays) * bay
        let middle = bay * 3
        let height = random.float(8...12)
        for x in [0, wing + middle] {
            var part = body(
                x, wing, height, floors: style == .station ? 1 : 2, bays: bays,
                top: .balustrade, topHeight: 1.2, &random)
            part.edge = .pilasters
            blocks.append(part)
        }
        var centre = body(
            wing, middle, height * 1.15, floors: style == .station ? 1 : 2, bays: 3,
            top: style == .station ? random.pick([.curved, .stepped, .pediment]) : .pediment,
            topHeight: middle * 0.28, &random)
        centre.door = true
        centre.columns = style == .domedHall && random.chance(0.7)
        centre.clock = style == .station
        centre.rose = style == .station
        blocks.append(centre)
        if style == .domedHall {
            let dome = middle * random.float(0.85...1.15)
            crowns.append(
                Crown(
                    kind: random.pick([.dome, .dome, .onion]), x: wing + middle / 2, foot: height * 1.1, width: dome,
                    height: dome * random.float(0.95...1.25), depth: 8))
        }
        if random.chance(0.5) {
            for x in [wing * 0.15, wing * 1.85 + middle] {
                crowns.append(
                    Crown(
                        kind: random.pick([.lantern, .dome]), x: x, foot: height, width: bay, height: bay * 1.4,
                        depth: 3))
            }
        }
    }

    private mutating func buildCastle(_ random: inout SplitMix64) {
        var x: Float = 0
        let parts = random.int(3...5)
        for index in 0..<parts {
            let isTower = index % 2 == 0
            let width = isTower ? random.float(3.6...6) : random.float(7...11)
            let height = isTower ? random.float(11...20) : random.float(7...11)
            var part = body(
                x, width, height, floors: Int(height / 3.6), bays: isTower ? 1 : 3, top: .battlements, topHeight: 1.2,
                &random)
            part.edge = .plain
            part.depth = isTower ? width : 8
            part.door = index == 1
            blocks.append(part)
            if isTower, random.chance(0.55) {
                crowns.append(
                    Crown(
                        kind: random.pick([.cone, .spire]), x: x + width / 2, foot: height, width: width * 0.9,
                        height: width * random.float(1...1.8), depth: width / 2))
            }
            x += width
        }
    }
}
