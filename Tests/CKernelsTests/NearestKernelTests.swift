import CKernels
import Testing

@Suite("Nearest-neighbours kernel")
struct NearestKernelTests {
    func nearest(
        _ rows: ByteRows, _ packed: ByteRows, k: Int, _ instructionSet: cairn_isa
    ) -> (indices: [Int32], distances: [Int32]) {
        var indices = [Int32](repeating: 77, count: rows.count * k + 1)
        var distances = indices
        packed.withPacked { set in
            cairn_nearest_u8(
                rows.bytes, rows.count, set, packed.count, rows.dimensions, k, &indices, &distances, instructionSet)
        }
        #expect(indices.removeLast() == 77 && distances.removeLast() == 77, "results run over their end")
        return (indices, distances)
    }

    func expectAgreement(_ rows: ByteRows, _ packed: ByteRows, k: Int, _ instructionSet: cairn_isa) {
        let found = nearest(rows, packed, k: k, instructionSet)
        for row in 0..<rows.count {
            let sorted = rows.ranked(row, among: packed).prefix(k)
            let padding = [Int32](repeating: -1, count: k - sorted.count)
            let label = "row \(row) of \(rows.count) x \(packed.count) x \(rows.dimensions), k = \(k)"
            #expect(Array(found.indices[row * k..<(row + 1) * k]) == sorted.map(\.index) + padding, "\(label)")
            #expect(
                Array(found.distances[row * k..<(row + 1) * k]) == sorted.map(\.distance) + padding.map { _ in .max },
                "\(label)")
        }
    }

    @Test("Every path agrees with a full sort", arguments: instructionSets)
    func agreesWithFullSort(instructionSet: cairn_isa) {
        for (n, m) in [(1, 1), (1, 200), (3, 15), (8, 48), (9, 49), (25, 333)] {
            for k in [1, 2, 5, 20, 64] {
                let rows = ByteRows(.random, count: n, dimensions: 128, seed: UInt64(n + 10 * m))
                let packed = ByteRows(.random, count: m, dimensions: 128, seed: UInt64(m + 10 * n))
                expectAgreement(rows, packed, k: k, instructionSet)
            }
        }
    }

    @Test("Equal, empty and extreme descriptors come in the order of their index", arguments: instructionSets)
    func decidesTies(instructionSet: cairn_isa) {
        for (i, content) in ByteRows.Content.allCases.enumerated() {
            for other in ByteRows.Content.allCases {
                let rows = ByteRows(content, count: 10, dimensions: 64, seed: UInt64(i + 1))
                let packed = ByteRows(other, count: 70, dimensions: 64, seed: UInt64(i + 50))
                expectAgreement(rows, packed, k: 9, instructionSet)
            }
        }
    }

    @Test("Other lengths, and more rows than one chunk holds", arguments: instructionSets)
    func otherShapes(instructionSet: cairn_isa) {
        for dimensions in [4, 132, 1024] {
            let rows = ByteRows(.extremes, count: 11, dimensions: dimensions, seed: 3)
            let packed = ByteRows(.extremes, count: 67, dimensions: dimensions, seed: 4)
            expectAgreement(rows, packed, k: 4, instructionSet)
        }
        let rows = ByteRows(.twoValues, count: 300, dimensions: 16, seed: 5)
        let packed = ByteRows(.twoValues, count: 40, dimensions: 16, seed: 6)
        expectAgreement(rows, packed, k: 3, instructionSet)
    }

    @Test("An empty set gives empty lists", arguments: instructionSets)
    func emptySet(instructionSet: cairn_isa) {
        let none = ByteRows(.random, count: 0, dimensions: 128, seed: 1)
        let two = ByteRows(.random, count: 2, dimensions: 128, seed: 2)
        expectAgreement(two, none, k: 3, instructionSet)
        expectAgreement(none, two, k: 3, instructionSet)
    }
}
