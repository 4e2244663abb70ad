import CKernels
import CairnCore
import Synchronization
import Testing

@testable import CairnAlgebra

@Suite("Nearest rows by codes")
struct NearestRowsCodesTests {
    @Test("codes find what SGEMM finds, bit for bit, for any row length and number of threads")
    func dimensions() throws {
        var noise = Noise(seed: 41)
        for dimensions in [1, 3, 64, 511, 512] {
            let (queries, gallery) = (try noise.matrix(150, dimensions), try noise.matrix(700, dimensions))
            for k in [1, 10, 300] {
                let expected = try NearestRows.search(queries: queries, in: gallery, k: k, method: .products)
                for threads in [1, 2, 5] {
                    #expect(
                        try NearestRows.search(
                            queries: queries, in: gallery, k: k, threads: threads, method: .codes(.best)) == expected)
                }
            }
        }
    }

    @Test("codes find what brute force finds", arguments: instructionSets)
    func bruteForce(_ instructionSet: cairn_isa) throws {
        for gallery in [try Scene.random(600, 96), try Scene.clustered(600, 96)] {
            let queries = try gallery.rows(at: (0..<70).map { $0 * 7 })
            let found = try NearestRows.search(queries: queries, in: gallery, k: 25, method: .codes(instructionSet))
            let products = Scene.products(queries, gallery)
            for query in 0..<queries.count {
                let expected = (0..<gallery.count).sorted {
                    (Float(products[query][$0]), $1) > (Float(products[query][$1]), $0)
                }
                #expect(found.neighbors(of: query).indices.elementsEqual(expected.prefix(25).map { Int32($0) }))
            }
        }
    }

    @Test("floors that were guessed from a sample change nothing, even where the sample misleads")
    func guesses() throws {
        var misleading = try Scene.random(2400, 64).values
        // All rows of a sample of every eighth one are alike, the others are not.
        let center = Array(misleading[0..<64])
        for row in stride(from: 0, to: 2400, by: 8) {
            for column in 0..<64 { misleading[row * 64 + column] = center[column] + misleading[row * 64 + column] / 4 }
        }
        let galleries = [
            try Scene.random(2400, 64), try Scene.clustered(2400, 64),
            try DescriptorMatrix(values: misleading, dimensions: 64),
        ]
        for gallery in galleries {
            for (k, excludesSelf) in [(48, true), (20, false), (100, true)] {
                let expected = try NearestRows.search(
                    queries: gallery, in: gallery, k: k, excludesSelf: excludesSelf, method: .products)
                let found = try NearestRows.search(
                    queries: gallery, in: gallery, k: k, excludesSelf: excludesSelf, threads: 2, method: .codes(.best))
                #expect(found == expected)
            }
        }
    }

    @Test("every instruction set gives the same", arguments: instructionSets)
    func instructionSetsAgree(_ instructionSet: cairn_isa) throws {
        let rows = try Scene.clustered(500, 200)
        let expected = try NearestRows.search(queries: rows, in: rows, k: 40, method: .products)
        #expect(try NearestRows.search(queries: rows, in: rows, k: 40, method: .codes(instructionSet)) == expected)
    }

    @Test("rows of any length are compared rightly: zeros, tiny and huge ones")
    func lengths() throws {
        var noise = Noise(seed: 42)
        var values = try noise.matrix(900, 70).values
        func scale(_ row: Int, by factor: Float) {
            for place in row * 70..<(row + 1) * 70 { values[place] *= factor }
        }
        for row in stride(from: 0, to: 900, by: 9) { scale(row, by: 0) }
        for row in stride(from: 1, to: 900, by: 9) { scale(row, by: 1e-6) }
        for row in stride(from: 2, to: 900, by: 90) { scale(row, by: 3000) }
        let moderate = try DescriptorMatrix(values: values, dimensions: 70)
        // Beyond what codes can bound, as a query and then as a row.
        scale(5, by: 1e25)
        let queries = try DescriptorMatrix(values: values, dimensions: 70)
        scale(6, by: 1e-30)
        let gallery = try DescriptorMatrix(values: values, dimensions: 70)
        for (queries, gallery) in [(moderate, moderate), (queries, moderate), (moderate, gallery)] {
            let expected = try NearestRows.search(queries: queries, in: gallery, k: 30, method: .products)
            #expect(try NearestRows.search(queries: queries, in: gallery, k: 30, method: .codes(.best)) == expected)
        }
        let zeros = try NearestRows.search(
            queries: moderate, in: moderate, k: 3, excludesSelf: true, method: .codes(.best))
        #expect(Array(zeros.neighbors(of: 0).indices) == [1, 2, 3])
        #expect(Array(zeros.neighbors(of: 9).indices) == [0, 1, 2])
        #expect(Array(zeros.neighbors(of: 9).scores) == [0, 0, 0])
    }

    @Test("thousands of rows that hardly differ, and duplicates, come in the right order")
    func crowded() throws {
        var noise = Noise(seed: 43)
        let base = try noise.matrix(1, 64).values
        var values: [Float] = []
        for row in 0..<5000 {
            // Single bits of difference, every third row a duplicate of the one before.
            if row % 3 == 2 {
                values += values.suffix(64)
            } else {
                values += base.map { $0 + ($0.ulp * Float(Int(noise.next() * 40))) }
            }
        }
        let rows = try DescriptorMatrix(values: values, dimensions: 64)
        let queries = try rows.rows(at: 0..<300)
        let expected = try NearestRows.search(queries: queries, in: rows, k: 12, method: .products)
        #expect(try NearestRows.search(queries: queries, in: rows, k: 12, method: .codes(.best)) == expected)
        let same = try rows.rows(at: Array(repeating: 0, count: 5000))
        let found = try NearestRows.search(queries: queries, in: same, k: 12, method: .codes(.best))
        #expect((0..<300).allSatisfy { found.neighbors(of: $0).indices.elementsEqual(0..<12) })
    }

    @Test("a row is no neighbour of itself, and leaves the rest in order", arguments: [false, true])
    func others(_ byCodes: Bool) throws {
        var noise = Noise(seed: 44)
        let some = try noise.matrix(400, 40)
        // Each row twice: the duplicate stays.
        let rows = try some.rows(at: (0..<800).map { $0 % 400 })
        let method: NearestRowsSearch.Method = byCodes ? .codes(.best) : .products
        let all = try NearestRows.search(queries: rows, in: rows, k: 801, method: .products)
        let found = try NearestRows.search(queries: rows, in: rows, k: 9, excludesSelf: true, method: method)
        for row in 0..<800 {
            let expected = all.neighbors(of: row).indices.filter { $0 != Int32(row) }.prefix(9)
            #expect(found.neighbors(of: row).indices.elementsEqual(expected))
        }
        #expect(try NearestRows.search(among: rows, k: 9, includingSelf: false) == found)
        #expect(try NearestRows.search(among: rows, k: 801, includingSelf: true) == all)
        #expect(try NearestRows.search(among: rows, k: 900, includingSelf: false).k == 799)
        let alone = try NearestRows.search(among: some.rows(at: [0]), k: 3, includingSelf: false)
        #expect(alone.k == 0 && alone.queryCount == 1 && alone.neighbors(of: 0).indices.isEmpty)
    }

    @Test("the smallest score is the least of all products")
    func smallest() throws {
        let gallery = try Scene.clustered(1500, 64)
        let queries = try gallery.rows(at: (0..<400).map { $0 * 3 })
        let expected = Scene.products(queries, gallery).map { Float($0.min() ?? .nan) }
        #expect(try NearestRows.smallestScores(queries: queries, in: gallery) == expected)
        let few = try queries.rows(at: [7])
        #expect(try NearestRows.smallestScores(queries: few, in: gallery) == [expected[7]])
    }

    @Test("progress ascends to its end, and a search can be cancelled")
    func monitor() throws {
        let rows = try Scene.random(2000, 64)
        let heard = Mutex<[Int]>([])
        let monitor = SearchMonitor(progress: { done, total in
            heard.withLock { $0.append(total == 2000 ? done : -1) }
        })
        _ = try NearestRows.search(among: rows, k: 5, includingSelf: false, threads: 2, monitor: monitor)
        let done = heard.withLock { $0 }
        #expect(done == done.sorted() && done.last == 2000 && done.count > 2)
        let error = #expect(throws: AlgebraError.self) {
            try NearestRows.search(
                among: rows, k: 5, includingSelf: false, monitor: SearchMonitor(isCancelled: { true }))
        }
        #expect(error?.cause is CancellationError)
    }
}

/// Those that run here, and the best of them by its own name too.
let instructionSets = [cairn_isa.plain, .avx2, .avx512, .amx].filter { cairn_isa_available($0) }

/// Seeded rows of length 1, as descriptors lie.
enum Scene {
    static func random(_ count: Int, _ dimensions: Int) throws -> DescriptorMatrix {
        var noise = Noise(seed: 51)
        return try DescriptorMatrix(rows: (0..<count).map { _ in unit(try noise.matrix(1, dimensions).values) })
    }

    /// Clusters of about 50 rows whose products are about 0.7.
    static func clustered(_ count: Int, _ dimensions: Int) throws -> DescriptorMatrix {
        var noise = Noise(seed: 52)
        let centers = try (0..<max(1, count / 50)).map { _ in unit(try noise.matrix(1, dimensions).values) }
        return try DescriptorMatrix(
            rows: (0..<count).map { row in
                let spread = unit(try noise.matrix(1, dimensions).values)
                return unit(zip(centers[row * 31 % centers.count], spread).map { 0.84 * $0 + 0.55 * $1 })
            })
    }

    /// All products, summed in double precision from the first dimension to the last.
    static func products(_ queries: DescriptorMatrix, _ gallery: DescriptorMatrix) -> [[Double]] {
        let rows = (0..<gallery.count).map { Array(gallery[$0]) }
        return (0..<queries.count).map { query in
            let vector = Array(queries[query])
            return rows.map { row in
                var sum = 0.0
                for column in vector.indices { sum += Double(vector[column]) * Double(row[column]) }
                return sum
            }
        }
    }

    private static func unit(_ values: [Float]) -> [Float] {
        let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return values.map { Float(Double($0) / norm) }
    }
}
