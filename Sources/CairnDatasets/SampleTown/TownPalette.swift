/// The colours of one landmark.
struct TownPalette: Sendable {
    var wall: Tone
    var wallTwo: Tone
    var trim: Tone
    var roof: Tone
    var door: Tone
    var accent: Tone
    var accentTwo: Tone
    var glass: Tone

    static let walls: [UInt32] = [
        0xD9C39A, 0xE3D5B8, 0xEBD9A0, 0xD9A860, 0xC98763, 0xD8A79B, 0xEFE6D2, 0xC9C7C0, 0xB3BFA2, 0xA9BFCB, 0xA6523C,
        0x8C5A44, 0xEDEAE3, 0x8F8A80, 0xCFB58C, 0xE2B873, 0xBC6F57, 0x9FB0A6, 0xD6CDBF, 0xB79E7A,
    ]
    static let bricks: [UInt32] = [0xA24B36, 0x8A3F31, 0xB4694A, 0x935944, 0xC08A5A, 0x7C4A3C, 0xB05A45]
    static let stones: [UInt32] = [0xD3C4A3, 0xBFB49C, 0xE0D6C0, 0xA79C88, 0xC9AE84, 0xB8B4AB, 0x98928A, 0xD9BF97]
    static let roofs: [UInt32] = [0xA2553C, 0x8B4A37, 0x4F5762, 0x5F6A72, 0x6D9384, 0x5B4A40, 0xB0664A, 0x7FA593]
    static let accents: [UInt32] = [
        0x9E2B2B, 0x1F4E79, 0x2E6B4F, 0xC89B2C, 0x6B2E6B, 0xD2622A, 0x20707A, 0x3B3B6D, 0xB83B5E, 0xE0B040, 0x335C3A,
        0xF0E6D0,
    ]
    static let doors: [UInt32] = [0x5A3A22, 0x2F4F3F, 0x6E1F1F, 0x2B3E5C, 0x3B2A1E, 0x74512D]

    /// A palette whose walls suit a way of building.
    init(for masonry: Masonry, random: inout SplitMix64) {
        let family: [UInt32]
        switch masonry {
        case .brick: family = Self.bricks
        case .ashlar, .rubble, .striped: family = Self.stones
        default: family = Self.walls
        }
        wall = Tone(hex: random.pick(family)).lit(random.float(0.92...1.06))
        wallTwo = Tone(hex: random.pick(random.chance(0.5) ? Self.stones : Self.bricks))
        trim = random.chance(0.7) ? Tone(hex: 0xEDE4D3).lit(random.float(0.85...1.02)) : wall.lit(0.68)
        roof = Tone(hex: random.pick(Self.roofs)).lit(random.float(0.9...1.1))
        door = Tone(hex: random.pick(Self.doors))
        accent = Tone(hex: random.pick(Self.accents))
        accentTwo = Tone(hex: random.pick(Self.accents))
        glass = Tone(hex: random.pick([0x2B3640, 0x343F45, 0x26323A, 0x3A4650]))
    }
}
