import CairnCore
import Testing

@testable import CairnAlgebra

@Suite("Nearest rows")
struct NearestRowsTests {
    /// Every inner product in double precision, all sorted.
    private func bruteForce(_ queries: DescriptorMatrix, _ gallery: DescriptorMatrix, k: Int) -> [Int32] {
        (0..<queries.count).flatMap { query in
            let scores = (0..<gallery.count).map { row in
                Float(zip(queries[query], gallery[row]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
            }
            return scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(k).map { Int32($0) }
        }
    }

    @Test("faiss finds the same")
    func faiss() throws {
        let fixture: Fixture.Nearest = try Fixture.read("nearest")
        let found = try NearestRows.search(
            queries: DescriptorMatrix(rows: fixture.queries), in: DescriptorMatrix(rows: fixture.gallery), k: 5)
        #expect(found.indices == Array(fixture.indices.joined()))
        #expect(deviation(found.scores, from: fixture.scores.joined()) < 1e-6)
        #expect(Array(found.neighbors(of: 3).indices) == fixture.indices[3])
    }

    @Test("several blocks of queries and gallery give what brute force gives, on any number of threads")
    func blocks() throws {
        var noise = Noise(seed: 21)
        let (queries, gallery) = (try noise.matrix(530, 19), try noise.matrix(4200, 19))
        let some = try queries.rows(at: [0, 100, 511, 512, 529])
        for k in [1, 7, 150] {
            let one = try NearestRows.search(queries: queries, in: gallery, k: k, threads: 1)
            #expect(try NearestRows.search(queries: queries, in: gallery, k: k, threads: 3) == one)
            let found = [0, 100, 511, 512, 529].flatMap { one.neighbors(of: $0).indices }
            #expect(found == bruteForce(some, gallery, k: k))
        }
    }

    @Test("equal rows have equal scores and come in the order of their indices, wherever they lie in a block")
    func ties() throws {
        var noise = Noise(seed: 22)
        let distinct = try noise.matrix(7, 33)
        let gallery = try distinct.rows(at: (0..<5003).map { $0 % 7 })
        let queries = try noise.matrix(3, 33)
        let found = try NearestRows.search(queries: queries, in: gallery, k: 1000)
        #expect(found.indices == bruteForce(queries, gallery, k: 1000))
        for query in 0..<3 {
            let (indices, scores) = found.neighbors(of: query)
            #expect(Set(scores).count == 2)  // 715 copies of the best, 285 of the second
            #expect(zip(indices, indices.dropFirst()).prefix(714).allSatisfy { $1 == $0 + 7 })
        }
    }

    @Test("rows that get better and better are all seen")
    func ascending() throws {
        let gallery = try DescriptorMatrix(values: (0..<9000).map { Float($0) }, dimensions: 1)
        let found = try NearestRows.search(queries: DescriptorMatrix(rows: [[1], [-1]]), in: gallery, k: 3)
        #expect(found.indices == [8999, 8998, 8997, 0, 1, 2])
        #expect(found.scores == [8999, 8998, 8997, 0, -1, -2])
    }

    @Test("products beyond the range of float32 do not hide a row")
    func overflow() throws {
        let gallery = try DescriptorMatrix(rows: [[1, 1], [1e30, -1e30], [1, 2]])
        let found = try NearestRows.search(queries: DescriptorMatrix(rows: [[1e30, 1e30]]), in: gallery, k: 3)
        #expect(found.indices == [2, 0, 1])  // 3e30, 2e30, 0
    }

    @Test("a small gallery gives no more than it has; no queries give nothing")
    func small() throws {
        let gallery = try DescriptorMatrix(rows: [[1, 0], [0, 1]])
        let found = try NearestRows.search(queries: DescriptorMatrix(rows: [[0, 2]]), in: gallery, k: 10)
        #expect(found.k == 2 && found.indices == [1, 0] && found.scores == [2, 0])
        #expect(try NearestRows.search(queries: DescriptorMatrix(dimensions: 2), in: gallery, k: 1).queryCount == 0)
    }

    @Test("impossible searches are refused")
    func refusals() throws {
        let gallery = try DescriptorMatrix(rows: [[1, 0], [0, 1]])
        #expect(throws: AlgebraError.self) { try NearestRows.search(queries: gallery, in: gallery, k: 0) }
        #expect(throws: AlgebraError.self) {
            try NearestRows.search(queries: gallery, in: DescriptorMatrix(dimensions: 2), k: 1)
        }
        #expect(throws: AlgebraError.self) {
            try NearestRows.search(queries: DescriptorMatrix(rows: [[1]]), in: gallery, k: 1)
        }
        #expect(throws: AlgebraError.self) {
            try NearestRows.search(queries: DescriptorMatrix(rows: [[1, .nan]]), in: gallery, k: 1)
        }
    }
}
