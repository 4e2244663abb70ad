/// What a made-up building is like: which style, how its bodies stand, what it is built of.
///
/// Two seeds make it. The body seed decides everything a look-alike shares: style, massing, floors, window shapes,
/// materials, colours. The detail seed decides what tells the building from its look-alikes: carvings, signs, murals,
/// stains, single stones, what stands in the windows, the neighbours.
struct LandmarkDesign: Sendable {
    /// The families of buildings.
    enum Style: Int, Sendable, CaseIterable {
        case palace, church, townhouses, tower, gate, temple, works, modern, domedHall, castle, timbered, station,
            pagoda, theatre
    }

    /// What finishes a body in the plane of the façade.
    enum Top: Sendable {
        case cornice, balustrade, battlements, gable, stepped, curved, pediment, mansard, sawtooth, eaves
    }

    /// Roofs that look the same from every side: drawn facing the viewer, behind the façade.
    enum CrownKind: Sendable, CaseIterable { case spire, onion, dome, pyramid, lantern, cone }

    /// How the corners of a body are marked.
    enum Edge: Sendable, CaseIterable { case plain, quoins, pilasters, buttresses }

    /// One storey's windows.
    struct WindowStyle: Sendable {
        var head: ArchShape.Head
        var width: Float
        var height: Float
        var columns: Int
        var rows: Int
        var surround: Int
        var shutters: Bool
    }

    /// One upright body of the building; metres from the façade's left foot.
    struct Block: Sendable {
        var x: Float
        var width: Float
        var height: Float
        var floors: Int
        var bays: Int
        var top: Top
        var topHeight: Float
        var edge: Edge
        var depth: Float
        var usesSecondWall = false
        var door = false
        var passage = false
        var windows = true
        var columns = false
        var timbered = false
        var clock = false
        var rose = false
    }

    /// One crown and the spot it stands on.
    struct Crown: Sendable {
        var kind: CrownKind
        var x: Float
        var foot: Float
        var width: Float
        var height: Float
        var depth: Float
    }

    let bodySeed: UInt64
    let detailSeed: UInt64
    let style: Style
    var masonry: Masonry = .plaster
    var palette: TownPalette
    var blocks: [Block] = []
    var crowns: [Crown] = []
    var floorStyles: [WindowStyle] = []
    var plinth: Float = 0.8
    var bandsEvery: Int = 1
    var inPark = false

    /// Width and height of the façade with all that stands in its plane, in metres.
    var width: Float { blocks.map { $0.x + $0.width }.max() ?? 1 }
    var height: Float { blocks.map { $0.height + $0.topHeight }.max() ?? 1 }

    /// The height with the crowns, in metres.
    var fullHeight: Float { max(height, crowns.map { $0.foot + $0.height }.max() ?? 0) }

    /// A design from its seeds; `style` is drawn from the body seed when it is not given.
    init(bodySeed: UInt64, detailSeed: UInt64, style wanted: Style? = nil) {
        self.bodySeed = bodySeed
        self.detailSeed = detailSeed
        var random = SplitMix64(seed: bodySeed, path: 10)
        let drawn = random.pick(Style.allCases)
        style = wanted ?? drawn
        let choices: [Masonry]
        switch style {
        case .palace, .domedHall, .station: choices = [.ashlar, .plaster, .plaster, .striped, .brick]
        case .church: choices = [.ashlar, .rubble, .plaster, .striped, .brick]
        case .townhouses: choices = [.plaster, .brick, .plaster, .planks]
        case .tower: choices = [.brick, .ashlar, .rubble, .striped]
        case .gate, .castle: choices = [.rubble, .ashlar, .brick]
        case .temple: choices = [.ashlar, .plaster]
        case .works: choices = [.brick]
        case .modern: choices = [.panels, .tiles, .panels]
        case .timbered: choices = [.plaster]
        case .pagoda: choices = [.planks, .plaster]
        case .theatre: choices = [.plaster, .panels, .tiles, .brick]
        }
        masonry = random.pick(choices)
        palette = TownPalette(for: masonry, random: &random)
        inPark = random.chance(style == .castle || style == .temple || style == .pagoda ? 0.75 : 0.22)
        plinth = random.float(0.5...1.3)
        bandsEvery = random.pick([1, 1, 2, 3])
        for _ in 0..<6 { floorStyles.append(Self.windowStyle(for: style, random: &random)) }
        if random.chance(0.45) {
            // Many houses repeat one window on every floor.
            for index in 2..<floorStyles.count { floorStyles[index] = floorStyles[1] }
        }
        build(&random)
    }

    private static func windowStyle(for style: Style, random: inout SplitMix64) -> WindowStyle {
        let heads: [ArchShape.Head]
        switch style {
        case .church: heads = [.pointed, .pointed, .round]
        case .works: heads = [.segmental, .round, .flat]
        case .modern: heads = [.flat]
        case .castle, .gate, .tower: heads = [.round, .pointed, .flat, .segmental]
        case .timbered, .pagoda: heads = [.flat]
        default: heads = [.flat, .flat, .round, .segmental]
        }
        let tall = style == .church || style == .station || style == .domedHall
        return WindowStyle(
            head: random.pick(heads), width: random.float(style == .modern ? 0.55...0.85 : 0.34...0.54),
            height: random.float(tall ? 0.62...0.8 : 0.45...0.66), columns: random.int(1...4), rows: random.int(2...5),
            surround: style == .modern ? 0 : random.int(0...4),
            shutters: (style == .townhouses || style == .timbered) && random.chance(0.5))
    }
}
