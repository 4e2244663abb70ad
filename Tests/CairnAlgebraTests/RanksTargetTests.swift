import CairnCore
import Synchronization
import Testing

@testable import CairnAlgebra

@Suite("Positions in whole rankings")
struct RanksTargetTests {
    @Test("positions are those of a sort by exact scores, for any blocks and any number of threads")
    func bruteForce() throws {
        for gallery in [try Scene.random(413, 40), try Scene.clustered(413, 40), try Awkward.gallery(413, 40)] {
            let queries = try gallery.rows(at: (0..<25).map { $0 * 16 })
            // Every row is a target of the first query, in no order; others have some, none, or one twice.
            var targets = [(0..<413).map { Int32(($0 * 100) % 413) }, [], [7, 7, 0], [412]]
            targets += (4..<25).map { query in (0..<query).map { Int32(($0 * 37 + query) % 413) } }
            let expected = Awkward.ranks(queries, gallery, targets)
            for (threads, queryBlock, galleryBlock) in [(1, 2048, 1024), (2, 7, 64), (5, 25, 59), (3, 1, 1)] {
                let found = try TargetRanks.find(
                    queries: queries, in: gallery, targets: targets, threads: threads, monitor: .none,
                    queryBlock: queryBlock, galleryBlock: galleryBlock)
                #expect(found == expected)
            }
        }
    }

    @Test("rows that differ in the last bit are told apart as their scores are, long sums and short ones")
    func lastBits() throws {
        var noise = Noise(seed: 71)
        for dimensions in [1, 7, 64, 513] {
            let center = try noise.matrix(1, dimensions).values
            var gallery = try DescriptorMatrix(dimensions: dimensions)
            for row in 0..<200 {
                var near = center
                // Steps of the last bit up and down, so that many scores round to the same number and many to its neighbours.
                for step in 0..<row % 5 { near[(row * 31 + step) % dimensions].step(row) }
                try gallery.append(near)
            }
            var queries = try DescriptorMatrix(dimensions: dimensions)
            for scale in [Float(1), -1, 1e-3, 1e15] { try queries.append(center.map { $0 * scale }) }
            let targets = (0..<4).map { query in (0..<200).map { Int32(($0 * 3 + query) % 200) } }
            let found = try TargetRanks.find(queries: queries, in: gallery, targets: targets)
            #expect(found == Awkward.ranks(queries, gallery, targets))
        }
    }

    @Test("a query of zeros ranks rows by their numbers, and lengths outside of float32 do no harm")
    func extremes() throws {
        let gallery = try DescriptorMatrix(rows: [
            [3e38, 3e38, 0], [-3e38, 3e38, 0], [0, 0, 0], [.leastNonzeroMagnitude * 999, -.leastNonzeroMagnitude, 0],
            [1, 1, 1], [0, 0, -0.0], [3e38, -3e38, 1],
        ])
        let queries = try DescriptorMatrix(rows: [
            [0, 0, 0], [3e38, 3e38, 3e38], [.leastNormalMagnitude, .leastNonzeroMagnitude, 0], [-1, -1, 1],
        ])
        let targets = [[Int32]](repeating: [6, 5, 4, 3, 2, 1, 0], count: 4)
        let found = try TargetRanks.find(queries: queries, in: gallery, targets: targets)
        #expect(found[0] == [7, 6, 5, 4, 3, 2, 1])
        #expect(found == Awkward.ranks(queries, gallery, targets))
    }

    @Test("the position of a row is its place among the nearest rows")
    func nearestRows() throws {
        let gallery = try Awkward.gallery(1500, 96)
        let queries = try gallery.rows(at: (0..<300).map { $0 * 5 })
        let nearest = try NearestRows.search(queries: queries, in: gallery, k: 60)
        let targets = (0..<300).map { Array(nearest.neighbors(of: $0).indices) }
        let found = try TargetRanks.find(queries: queries, in: gallery, targets: targets)
        for ranks in found { #expect(ranks == Array(1...60)) }
    }

    @Test("no queries and no targets have no positions")
    func nothing() throws {
        let gallery = try Scene.random(10, 8)
        #expect(try TargetRanks.find(queries: DescriptorMatrix(dimensions: 8), in: gallery, targets: []).isEmpty)
        #expect(try TargetRanks.find(queries: gallery.rows(at: [1, 2]), in: gallery, targets: [[], []]) == [[], []])
        #expect(
            try TargetRanks.find(queries: gallery.rows(at: [1]), in: gallery.rows(at: [1]), targets: [[0]]) == [[1]])
    }

    @Test("wrong input is an error that says what is wrong")
    func errors() throws {
        let gallery = try Scene.random(10, 8)
        var broken = gallery.values
        broken[37] = .nan
        let bad = try DescriptorMatrix(values: broken, dimensions: 8)
        let one = try gallery.rows(at: [1])
        func message(_ body: () throws -> Void) throws -> String {
            try #require(throws: AlgebraError.self, performing: body).message
        }
        #expect(
            try message { _ = try TargetRanks.find(queries: one, in: Scene.random(5, 9), targets: [[0]]) }.contains(
                "dimensions"))
        #expect(try message { _ = try TargetRanks.find(queries: one, in: gallery, targets: []) }.contains("1 queries"))
        #expect(
            try message { _ = try TargetRanks.find(queries: one, in: gallery, targets: [[0, 10]]) }.contains(
                "target 10"))
        #expect(
            try message { _ = try TargetRanks.find(queries: one, in: gallery, targets: [[-1]]) }.contains("target -1"))
        #expect(
            try message { _ = try TargetRanks.find(queries: one, in: bad, targets: [[0]]) }.contains(
                "row 4 of the gallery"))
        #expect(
            try message {
                _ = try TargetRanks.find(queries: bad, in: gallery, targets: .init(repeating: [0], count: 10))
            }
            .contains("row 4 of the queries"))
        #expect(
            try message { _ = try TargetRanks.find(queries: one, in: DescriptorMatrix(dimensions: 8), targets: [[]]) }
                .contains("0 descriptors"))
    }

    @Test("a search tells how far it is, and ends when it is told to")
    func monitor() throws {
        let gallery = try Scene.random(50, 8)
        let targets = (0..<50).map { $0 % 3 == 0 ? [] : [Int32($0)] }
        let done = Mutex<[Int]>([])
        let watching = SearchMonitor(progress: { now, total in done.withLock { $0.append(total == 50 ? now : -1) } })
        _ = try TargetRanks.find(
            queries: gallery, in: gallery, targets: targets, threads: 2, monitor: watching, queryBlock: 10,
            galleryBlock: 20)
        #expect(done.withLock { $0 } == [17, 27, 37, 47, 50])
        let error = #expect(throws: AlgebraError.self) {
            try TargetRanks.find(
                queries: gallery, in: gallery, targets: targets, monitor: SearchMonitor(isCancelled: { true }))
        }
        #expect(error?.cause is CancellationError)
    }
}

/// Galleries with ties, and rankings by a slow twin.
enum Awkward {
    /// Clusters, with rows of zeros, repeated rows, rows that differ from another in one last bit, and rows of few values.
    static func gallery(_ count: Int, _ dimensions: Int) throws -> DescriptorMatrix {
        var values = try Scene.clustered(count, dimensions).values
        func copy(_ from: Int, _ to: Int) {
            for column in 0..<dimensions { values[to * dimensions + column] = values[from * dimensions + column] }
        }
        for row in 0..<count {
            switch row % 7 {
            case 1: copy(row - 1, row)
            case 2:
                copy(row - 1, row)
                values[row * dimensions + row % dimensions] = values[row * dimensions + row % dimensions].nextUp
            case 3 where row % 3 == 0: for column in 0..<dimensions { values[row * dimensions + column] = 0 }
            case 4: for column in 0..<dimensions { values[row * dimensions + column] = column % 9 == row % 9 ? 0.5 : 0 }
            case 5: copy(row / 2, row)
            default: break
            }
        }
        return try DescriptorMatrix(values: values, dimensions: dimensions)
    }

    /// Sorts the whole gallery for every query, by scores in the documented order of summation.
    static func ranks(_ queries: DescriptorMatrix, _ gallery: DescriptorMatrix, _ targets: [[Int32]]) -> [[Int]] {
        let rows = (0..<gallery.count).map { Array(gallery[$0]) }
        return (0..<queries.count).map { query in
            let vector = Array(queries[query])
            let scores = rows.map { score(vector, $0) }
            let order = rows.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
            var position = [Int](repeating: 0, count: order.count)
            for (place, row) in order.enumerated() { position[row] = place + 1 }
            return targets[query].map { position[Int($0)] }
        }
    }

    private static func score(_ a: [Float], _ b: [Float]) -> Float {
        let whole = a.count / 8 * 8
        var sums = [Double](repeating: 0, count: 8)
        for column in 0..<whole { sums[column % 8] += Double(a[column]) * Double(b[column]) }
        var sum = sums.dropFirst().reduce(sums[0], +)
        for column in whole..<a.count { sum += Double(a[column]) * Double(b[column]) }
        return Float(sum)
    }
}

extension Float {
    /// The number up to two steps of the last bit away, one way or the other.
    fileprivate mutating func step(_ row: Int) {
        self = row % 2 == 0 ? nextUp : nextDown
        if row % 3 == 0 { self = row % 2 == 0 ? nextUp : nextDown }
    }
}
