import CKernels

/// Rows of bytes for the kernels to compare, random or awkward, and packed as they want them.
struct ByteRows {
    enum Content: CaseIterable {
        case random, twoValues, zeros, full, equal, extremes
    }

    let count: Int
    let dimensions: Int
    let bytes: [UInt8]

    init(_ content: Content, count: Int, dimensions: Int, seed: UInt64) {
        self.count = count
        self.dimensions = dimensions
        var random = SeededBytes(state: seed)
        let first = (0..<dimensions).map { _ in random.next() }
        bytes = (0..<count * dimensions).map { i in
            switch content {
            case .random: random.next()
            case .twoValues: random.next() & 1
            case .zeros: 0
            case .full: 255
            case .equal: first[i % dimensions]
            case .extremes: random.next() & 1 == 0 ? 0 : 255
            }
        }
    }

    /// Calls `body` with the packed rows.
    func withPacked<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
        let packed = UnsafeMutableRawPointer.allocate(
            byteCount: max(64, cairn_packed_u8_bytes(count, dimensions)), alignment: 64)
        defer { packed.deallocate() }
        cairn_pack_u8(bytes, count, dimensions, packed)
        return body(packed)
    }

    /// The plainest possible distance of two rows.
    func squaredDistance(_ row: Int, to other: ByteRows, _ otherRow: Int) -> Int32 {
        var sum: Int32 = 0
        for d in 0..<dimensions {
            let difference = Int32(bytes[row * dimensions + d]) - Int32(other.bytes[otherRow * dimensions + d])
            sum += difference * difference
        }
        return sum
    }

    /// Every other row with its distance, nearest first, the lower index first among equally near ones.
    func ranked(_ row: Int, among other: ByteRows) -> [(index: Int32, distance: Int32)] {
        (0..<other.count).map { (Int32($0), squaredDistance(row, to: other, $0)) }
            .sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
    }
}

/// xorshift64: a generator that gives the same bytes everywhere.
struct SeededBytes {
    var state: UInt64

    mutating func next() -> UInt8 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 32)
    }
}

/// The instruction sets that this machine has.
let instructionSets: [cairn_isa] = [.plain, .avx2, .avx512, .amx].filter { cairn_isa_available($0) }
