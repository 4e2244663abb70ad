import CKernels
import Testing

@Suite("All-pairs matching kernel")
struct MatchKernelTests {
    struct Side: Equatable {
        var nearest: [Int32] = []
        var distance: [Int32] = []
        var second: [Int32] = []

        init(bruteForce rows: ByteRows, among others: ByteRows) {
            for row in 0..<rows.count {
                let ranked = rows.ranked(row, among: others)
                nearest.append(ranked.first?.index ?? -1)
                distance.append(ranked.first?.distance ?? .max)
                second.append(ranked.count > 1 ? ranked[1].distance : .max)
            }
        }

        init(words: ArraySlice<Int32>) {
            let count = words.count / 3
            let all = Array(words)
            nearest = Array(all[0..<count])
            distance = Array(all[count..<2 * count])
            second = Array(all[2 * count..<3 * count])
        }
    }

    /// Runs the kernel, with a row's worth of guard bytes after its results and its workspace.
    func match(_ rows: ByteRows, _ packed: ByteRows, _ instructionSet: cairn_isa) -> (rows: Side, packed: Side) {
        let (n, m) = (rows.count, packed.count)
        let workspaceBytes = max(64, cairn_match_u8_workspace_bytes(m, rows.dimensions))
        let workspace = UnsafeMutableRawBufferPointer.allocate(byteCount: workspaceBytes + 64, alignment: 64)
        defer { workspace.deallocate() }
        workspace.initializeMemory(as: UInt8.self, repeating: 0xa5)
        var words = [Int32](repeating: 77, count: 3 * (n + m) + 16)
        packed.withPacked { set in
            words.withUnsafeMutableBufferPointer { words in
                guard let base = words.baseAddress else { return }
                let second = base + 3 * n
                cairn_match_u8(
                    rows.bytes, n, set, m, rows.dimensions,
                    cairn_two_nearest(nearest: base, distance: base + n, second: base + 2 * n),
                    cairn_two_nearest(nearest: second, distance: second + m, second: second + 2 * m),
                    workspace.baseAddress, instructionSet)
            }
        }
        #expect(words.suffix(16).allSatisfy { $0 == 77 }, "results run over their end")
        #expect(workspace.suffix(64).allSatisfy { $0 == 0xa5 }, "the workspace is larger than it says")
        return (Side(words: words[0..<3 * n]), Side(words: words[3 * n..<3 * (n + m)]))
    }

    func expectAgreement(_ rows: ByteRows, _ packed: ByteRows, _ instructionSet: cairn_isa) {
        let found = match(rows, packed, instructionSet)
        let label = "\(rows.count) x \(packed.count) x \(rows.dimensions)"
        #expect(found.rows == Side(bruteForce: rows, among: packed), "rows, \(label)")
        #expect(found.packed == Side(bruteForce: packed, among: rows), "packed, \(label)")
    }

    @Test("Every path agrees with brute force at every block remainder", arguments: instructionSets)
    func agreesWithBruteForce(instructionSet: cairn_isa) {
        for n in [1, 2, 7, 8, 9, 17, 40] {
            for m in [1, 2, 15, 16, 17, 33, 48, 49, 64, 97] {
                let rows = ByteRows(.random, count: n, dimensions: 128, seed: UInt64(n * 1000 + m))
                let packed = ByteRows(.random, count: m, dimensions: 128, seed: UInt64(m * 1000 + n))
                expectAgreement(rows, packed, instructionSet)
            }
        }
    }

    @Test("Equal, empty and extreme descriptors: the lowest index wins", arguments: instructionSets)
    func decidesTies(instructionSet: cairn_isa) {
        for (i, content) in ByteRows.Content.allCases.enumerated() {
            for other in ByteRows.Content.allCases {
                let rows = ByteRows(content, count: 19, dimensions: 128, seed: UInt64(i + 1))
                let packed = ByteRows(other, count: 53, dimensions: 128, seed: UInt64(i + 100))
                expectAgreement(rows, packed, instructionSet)
            }
        }
    }

    @Test("Descriptors of other lengths", arguments: instructionSets)
    func otherDimensions(instructionSet: cairn_isa) {
        for dimensions in [4, 32, 64, 132, 256, 516, 1024] {
            let content: ByteRows.Content = dimensions < 64 ? .twoValues : .extremes
            let rows = ByteRows(content, count: 21, dimensions: dimensions, seed: 5)
            let packed = ByteRows(content, count: 37, dimensions: dimensions, seed: 6)
            expectAgreement(rows, packed, instructionSet)
        }
    }

    @Test("More rows and descriptors than the indices of one chunk", arguments: instructionSets)
    func severalChunks(instructionSet: cairn_isa) {
        // 1,024 dimensions leave 6 bits for an index: chunks of 64 rows and 1,024 descriptors. Most distances occur
        // often.
        let rows = ByteRows(.twoValues, count: 150, dimensions: 1024, seed: 7)
        let packed = ByteRows(.twoValues, count: 1100, dimensions: 1024, seed: 8)
        let reference = match(rows, packed, .plain)
        let found = match(rows, packed, instructionSet)
        #expect(found == reference)
        for row in [0, 63, 64, 149] {
            let ranked = rows.ranked(row, among: packed)
            #expect(found.rows.nearest[row] == ranked[0].index)
            #expect(found.rows.distance[row] == ranked[0].distance)
            #expect(found.rows.second[row] == ranked[1].distance)
        }
        for row in [0, 1023, 1024, 1099] {
            let ranked = packed.ranked(row, among: rows)
            #expect(found.packed.nearest[row] == ranked[0].index)
            #expect(found.packed.second[row] == ranked[1].distance)
        }
    }

    @Test("A tie between two chunks goes to the lower index", arguments: instructionSets)
    func tiesAcrossChunks(instructionSet: cairn_isa) {
        let rows = ByteRows(.equal, count: 70, dimensions: 1024, seed: 9)
        let packed = ByteRows(.equal, count: 1060, dimensions: 1024, seed: 9)
        let found = match(rows, packed, instructionSet)
        #expect(found.rows.nearest == [Int32](repeating: 0, count: 70))
        #expect(found.packed.nearest == [Int32](repeating: 0, count: 1060))
        #expect((found.rows.distance + found.rows.second).allSatisfy { $0 == 0 })
        #expect((found.packed.distance + found.packed.second).allSatisfy { $0 == 0 })
    }

    @Test("Nothing on one side leaves no neighbours on the other", arguments: instructionSets)
    func emptySides(instructionSet: cairn_isa) {
        let none = ByteRows(.random, count: 0, dimensions: 128, seed: 1)
        let three = ByteRows(.random, count: 3, dimensions: 128, seed: 2)
        for (rows, packed) in [(none, three), (three, none), (none, none)] {
            expectAgreement(rows, packed, instructionSet)
        }
    }
}

private func == (
    left: (rows: MatchKernelTests.Side, packed: MatchKernelTests.Side),
    right: (rows: MatchKernelTests.Side, packed: MatchKernelTests.Side)
) -> Bool {
    left.rows == right.rows && left.packed == right.packed
}
