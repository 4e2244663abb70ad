import CKernels
import CairnCore
import Testing

@testable import CairnAlgebra

@Suite("Rows within a threshold")
struct RowsWithinTests {
    /// By one method; `most` bounds what a block may find.
    private func lists(
        _ queries: DescriptorMatrix, _ gallery: DescriptorMatrix, _ threshold: Double, wantsScores: Bool = true,
        excludesSelf: Bool = false, threads: Int = 2, most: Int? = nil, _ method: NearestRowsSearch.Method
    ) throws -> [[Int32]: [Float]] {
        var found: [[Int32]: [Float]] = [:]
        var next = 0
        try RowsWithin.forEach(
            queries: queries, in: gallery, threshold: threshold, wantsScores: wantsScores, excludesSelf: excludesSelf,
            threads: threads, monitor: .none, method: method, mostFound: most
        ) { query, rows, scores in
            #expect(query == next)
            next += 1
            found[[Int32(query)] + rows] = Array(scores)
        }
        #expect(next == queries.count)
        return found
    }

    @Test("codes and SGEMM find what brute force finds, on any number of threads")
    func bruteForce() throws {
        for dimensions in [1, 3, 64, 511] {
            let gallery = try Scene.clustered(600, dimensions)
            let queries = try gallery.rows(at: (0..<130).map { $0 * 4 })
            let products = Scene.products(queries, gallery)
            for threshold in [-1.5, -0.05, 0.1, 0.69, 0.95] {
                var expected: [[Int32]: [Float]] = [:]
                for query in 0..<queries.count {
                    let rows = (0..<gallery.count).filter { products[query][$0] >= threshold }
                    expected[[Int32(query)] + rows.map { Int32($0) }] = rows.map { Float(products[query][$0]) }
                }
                for threads in [1, 2, 5] {
                    let byCodes = try lists(queries, gallery, threshold, threads: threads, .codes(.best))
                    #expect(Set(byCodes.keys) == Set(expected.keys))
                    #expect(try lists(queries, gallery, threshold, threads: threads, .products) == byCodes)
                    let bare = try lists(
                        queries, gallery, threshold, wantsScores: false, threads: threads, .codes(.best))
                    #expect(Set(bare.keys) == Set(expected.keys) && bare.values.allSatisfy(\.isEmpty))
                }
            }
        }
    }

    @Test("every instruction set gives the same", arguments: instructionSets)
    func instructionSetsAgree(_ instructionSet: cairn_isa) throws {
        let rows = try Scene.clustered(400, 100)
        #expect(try lists(rows, rows, 0.6, .codes(instructionSet)) == lists(rows, rows, 0.6, .products))
    }

    @Test("a threshold that a product just reaches finds it, one step more does not")
    func boundary() throws {
        let rows = try Scene.random(300, 128)
        let product = exactInnerProduct(Array(rows[3]), Array(rows[200]), dimensions: 128)
        for method in [NearestRowsSearch.Method.codes(.best), .products] {
            let query = try rows.rows(at: [3])
            #expect(try lists(query, rows, product, method).keys.contains { $0.contains(200) })
            #expect(try !lists(query, rows, product.nextUp, method).keys.contains { $0.contains(200) })
        }
    }

    @Test("zero rows are near whatever a product of 0 is near; a row may be left out of its own list")
    func zeros() throws {
        // The last row is of moderate length, or beyond what codes can bound.
        let (moderate, rows) = (
            try DescriptorMatrix(rows: [[0, 0], [1, 0], [1, 0], [-1, 0], [2, 0]]),
            try DescriptorMatrix(rows: [[0, 0], [1, 0], [1, 0], [-1, 0], [1e30, 0]])
        )
        for method in [NearestRowsSearch.Method.codes(.best), .products] {
            for gallery in [moderate, rows] {
                let found = try lists(rows, gallery, 0, excludesSelf: true, method)
                #expect(
                    Set(found.keys) == [[0, 1, 2, 3, 4], [1, 0, 2, 4], [2, 0, 1, 4], [3, 0], [4, 0, 1, 2]])
            }
        }
        let first = try rows.rows(at: [0, 1])
        #expect(try RowsWithin.lists(queries: first, in: rows, threshold: 1e-300).offsets == [0, 0, 3])
    }

    @Test("a block that finds more than it may comes again in smaller ones, in the same order")
    func dense() throws {
        let rows = try Scene.clustered(900, 32)
        for method in [NearestRowsSearch.Method.codes(.best), .products] {
            let all = try lists(rows, rows, -2, wantsScores: false, threads: 3, most: 1, method)
            #expect(all.keys.allSatisfy { $0.count == 901 })
        }
    }

    @Test("lists have a place for every row, and none for an empty gallery")
    func compressed() throws {
        let rows = try Scene.clustered(2000, 64)
        let found = try RowsWithin.lists(among: rows, threshold: 0.65, includingSelf: false)
        #expect(found.rowCount == 2000 && found.offsets.last == found.indices.count)
        let expected = try lists(rows, rows, 0.65, excludesSelf: true, .products)
        for row in stride(from: 0, to: 2000, by: 37) {
            #expect(expected[[Int32(row)] + found.neighbors(of: row)] == Array(found.scores(of: row)))
        }
        let empty = try DescriptorMatrix(dimensions: 64)
        #expect(
            try RowsWithin.lists(queries: rows, in: empty, threshold: 0).offsets == Array(repeating: 0, count: 2001))
        #expect(try RowsWithin.lists(queries: empty, in: rows, threshold: 0) == NeighborLists())
        #expect(throws: AlgebraError.self) {
            try RowsWithin.lists(among: rows, threshold: .nan, includingSelf: true)
        }
        #expect(throws: AlgebraError.self) {
            try RowsWithin.lists(
                among: rows, threshold: 0, includingSelf: true, monitor: SearchMonitor(isCancelled: { true }))
        }
    }

    @Test(
        "the threshold for a distance is the least score at that distance", arguments: [0, 0.1, 0.3, 1, 1.7, 2, 1e-17])
    func distances(_ distance: Double) {
        let threshold = RowsWithin.threshold(forDistance: distance)
        #expect(1 - threshold <= distance)
        #expect(1 - threshold.nextDown > distance)
    }
}
