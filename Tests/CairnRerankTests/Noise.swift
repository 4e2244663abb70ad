import CairnAlgebra

/// Numbers that look random and are always the same (SplitMix64).
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Float(Int32(truncatingIfNeeded: (mixed ^ (mixed >> 31)) >> 33)) / Float(1 << 30) - 1
    }

    /// Unit rows.
    mutating func matrix(_ count: Int, _ dimensions: Int) throws -> DescriptorMatrix {
        var matrix = try DescriptorMatrix(
            values: (0..<count * dimensions).map { _ in next() }, dimensions: dimensions)
        _ = matrix.normalizeRows()
        return matrix
    }
}
