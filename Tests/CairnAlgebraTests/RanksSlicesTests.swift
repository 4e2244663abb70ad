import CairnCore
import Synchronization
import Testing

@testable import CairnAlgebra

@Suite("Nearest rows of slices of queries")
struct RanksSlicesTests {
    @Test("slices hold what one search finds, bit for bit, whatever their size")
    func slices() throws {
        for (gallery, dimensions) in [(try Awkward.gallery(1700, 64), 64), (try Scene.random(900, 9), 9)] {
            let queries = try gallery.rows(at: (0..<300).map { $0 * 3 })
            for k in [1, 20, 5000] {
                let expected = try NearestRows.search(queries: queries, in: gallery, k: k, method: .products)
                for (sliceSize, threads) in [(nil, 2), (1000, 1), (300, 3), (97, 2)] as [(Int?, Int)] {
                    var (indices, scores, firsts): ([Int32], [Float], [Int]) = ([], [], [])
                    try NearestRows.search(
                        queries: CopiedRows(rows: queries), in: CopiedRows(rows: gallery), k: k, sliceSize: sliceSize,
                        threads: threads
                    ) { first, found in
                        #expect(found.k == min(k, gallery.count))
                        firsts.append(first)
                        indices += found.indices
                        scores += found.scores
                    }
                    #expect(firsts == Array(stride(from: 0, to: 300, by: sliceSize ?? 8192)))
                    #expect(indices == expected.indices && scores == expected.scores, "\(dimensions) \(k)")
                }
            }
        }
    }

    @Test("rows that are read in ranges have the same positions")
    func copiedRanks() throws {
        let gallery = try Awkward.gallery(300, 24)
        let targets = (0..<300).map { [Int32($0), Int32(($0 * 7) % 300)] }
        let expected = try TargetRanks.find(queries: gallery, in: gallery, targets: targets)
        let copied = CopiedRows(rows: gallery)
        #expect(
            try TargetRanks.find(
                queries: copied, in: copied, targets: targets, threads: 2, monitor: .none, queryBlock: 64,
                galleryBlock: 50) == expected)
    }

    @Test("what the callback throws ends the search and comes through as it is")
    func thrown() throws {
        struct Enough: Error {}
        let gallery = try Scene.random(40, 8)
        var calls = 0
        #expect(throws: Enough.self) {
            try NearestRows.search(queries: gallery, in: gallery, k: 3, sliceSize: 10) { _, _ in
                calls += 1
                if calls == 2 { throw Enough() }
            }
        }
        #expect(calls == 2)
    }

    @Test("wrong input, rows that cannot be read, and cancellation are errors")
    func errors() throws {
        let gallery = try Scene.random(40, 8)
        func message(_ queries: some DescriptorRows, _ gallery: some DescriptorRows, k: Int = 3, slice: Int? = nil)
            throws -> String
        {
            try #require(throws: AlgebraError.self) {
                try NearestRows.search(queries: queries, in: gallery, k: k, sliceSize: slice) { _, _ in }
            }.message
        }
        var broken = gallery.values
        broken[8 * 33 + 2] = .infinity
        let bad = try DescriptorMatrix(values: broken, dimensions: 8)
        #expect(try message(gallery, Scene.random(5, 9)).contains("dimensions"))
        #expect(try message(gallery, gallery, k: 0).contains("0 neighbours"))
        #expect(try message(gallery, gallery, slice: 0).contains("0 queries"))
        #expect(try message(gallery, DescriptorMatrix(dimensions: 8)).contains("0 descriptors"))
        #expect(try message(gallery, bad).contains("row 33 of the gallery holds inf at dimension 2"))
        #expect(try message(bad, gallery, slice: 10).contains("row 33 of the queries"))
        #expect(try message(gallery, CopiedRows(rows: gallery, unreadable: 12)).contains("row 12 cannot be read"))
        let error = #expect(throws: AlgebraError.self) {
            try NearestRows.search(
                queries: gallery, in: gallery, k: 3, monitor: SearchMonitor(isCancelled: { true })
            ) { _, _ in Issue.record("nothing was found") }
        }
        #expect(error?.cause is CancellationError)
    }

    @Test("progress goes on from slice to slice")
    func progress() throws {
        let gallery = try Scene.random(40, 8)
        let last = Mutex((done: 0, total: 0))
        let monitor = SearchMonitor(progress: { done, total in
            last.withLock {
                if done <= $0.done { Issue.record("\(done) after \($0.done)") }
                $0 = (done, total)
            }
        })
        try NearestRows.search(queries: gallery, in: gallery, k: 3, sliceSize: 9, monitor: monitor) { _, _ in }
        #expect(last.withLock { $0 } == (40, 40))
    }
}

/// Rows that are copied for every range, as from a file that is not mapped.
private struct CopiedRows: DescriptorRows {
    let rows: DescriptorMatrix
    var unreadable: Int?

    var count: Int { rows.count }
    var dimensions: Int { rows.dimensions }

    func withRows<Result>(
        _ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) throws(AlgebraError) -> Result
    ) throws(AlgebraError) -> Result {
        if let unreadable, range.contains(unreadable) {
            throw AlgebraError(.failure, "row \(unreadable) cannot be read")
        }
        let copy = Array(rows.values[range.lowerBound * dimensions..<range.upperBound * dimensions])
        return try copy.withUnsafeBufferPointer { (rows) throws(AlgebraError) in try body(rows) }
    }
}
