/// A small seeded random generator that gives the same stream on every machine.
///
/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). The standard library's
/// own distributions are not used: their algorithms may change between releases, and with them every rendered pixel.
struct SplitMix64: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A stream of its own for the thing that `path` names below `seed`: equal paths give equal streams.
    init(seed: UInt64, path: UInt64...) {
        var mixed = Self.mix(seed)
        for part in path { mixed = Self.mix(mixed ^ Self.mix(part &+ 0x9E37_79B9_7F4A_7C15)) }
        state = mixed
    }

    /// The generator's finaliser: a bijection of 64 bits in which every input bit reaches every output bit.
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// An independent generator; this one moves on by one step.
    mutating func split() -> SplitMix64 { SplitMix64(seed: next(), path: 1) }

    /// Uniform in [0, 1), 24 bits.
    mutating func unit() -> Float { Float(next() >> 40) * (1 / 16_777_216) }

    /// Uniform in a range.
    mutating func float(_ range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * unit()
    }

    /// Uniform in a range of whole numbers. The bias of the multiplication is below 2^-32.
    mutating func int(_ range: ClosedRange<Int>) -> Int {
        let count = UInt64(range.upperBound - range.lowerBound + 1)
        return range.lowerBound + Int(((next() >> 32) &* count) >> 32)
    }

    /// True with this probability.
    mutating func chance(_ probability: Float) -> Bool { unit() < probability }

    /// One of the elements. Traps when there is none.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        precondition(!elements.isEmpty, "nothing to pick from")
        return elements[int(0...elements.count - 1)]
    }
}

/// A hash of two lattice coordinates, for the per-brick and per-pixel variation of textures.
@inline(__always)
func latticeHash(_ column: Int32, _ row: Int32, _ seed: UInt32) -> UInt32 {
    var hash = UInt32(bitPattern: column) &* 0x8DA6_B343 ^ UInt32(bitPattern: row) &* 0xD816_3841 ^ seed
    hash = (hash ^ (hash >> 15)) &* 0x2C1B_3C6D
    hash = (hash ^ (hash >> 12)) &* 0x297A_2D39
    return hash ^ (hash >> 15)
}

/// The hash as a number in [0, 1).
@inline(__always)
func latticeUnit(_ column: Int32, _ row: Int32, _ seed: UInt32) -> Float {
    Float(latticeHash(column, row, seed) >> 8) * (1 / 16_777_216)
}
