import CairnAlgebra
import CairnCore
import Foundation
import Testing

@testable import CairnCleaning

@Suite("DBSCAN")
struct DBSCANTests {
    /// What scikit-learn gave: see Scripts/parity/cleaning.py.
    private struct Goldens: Decodable {
        struct Case: Decodable {
            var dimensions: Int
            var rows: [Float]
            var eps: Double
            var minSamples: Int
            var labels: [Int]
            var core: [Int]
        }
        var cases: [Case]
    }

    /// The definition, with all distances and cluster by cluster.
    private func bruteForce(_ rows: DescriptorMatrix, _ dbscan: DBSCAN) -> [Int] {
        let norms = (0..<rows.count).map { rows[$0].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
        let values = rows.values.map(Double.init)
        let width = rows.dimensions
        func distance(_ a: Int, _ b: Int) -> Double {
            guard a != b, norms[a] > 0, norms[b] > 0 else { return a == b ? 0 : 1 }
            var product = 0.0
            for column in 0..<width { product += values[a * width + column] * values[b * width + column] }
            return 1 - product / (norms[a] * norms[b])
        }
        let neighbors = (0..<rows.count).map { a in (0..<rows.count).filter { distance(a, $0) <= dbscan.eps + 1e-15 } }
        var labels = [Int](repeating: -1, count: rows.count)
        var next = 0
        for start in 0..<rows.count where labels[start] == -1 && neighbors[start].count >= dbscan.minSamples {
            var stack = [start]
            while let row = stack.popLast() {
                guard labels[row] == -1 else { continue }
                labels[row] = next
                if neighbors[row].count >= dbscan.minSamples { stack += neighbors[row] }
            }
            next += 1
        }
        return labels
    }

    @Test("gives the labels and core rows of scikit-learn")
    func goldens() throws {
        let url = try #require(
            Bundle.module.url(forResource: "dbscan", withExtension: "json", subdirectory: "Fixtures"))
        let goldens = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: url))
        #expect(goldens.cases.count >= 15)
        for golden in goldens.cases {
            let rows = try DescriptorMatrix(values: golden.rows, dimensions: golden.dimensions)
            let found = try DBSCAN(eps: golden.eps, minSamples: golden.minSamples).cluster(rows)
            #expect(found.labels == golden.labels)
            #expect(found.isCore.indices.filter { found.isCore[$0] } == golden.core)
            #expect(found.clusterCount == (golden.labels.max() ?? -1) + 1)
        }
    }

    @Test("agrees with the definition", arguments: 0..<60)
    func random(seed: Int) throws {
        var random = Seeded(UInt64(seed) + 1)
        let rows = try Samples.clustered(
            count: Int.random(in: 1...150, using: &random), dimensions: Int.random(in: 1...20, using: &random),
            centres: Int.random(in: 1...10, using: &random), spread: Float.random(in: 0.1...1, using: &random),
            seed: UInt64(seed))
        let dbscan = DBSCAN(
            eps: Double.random(in: 0.01...1.2, using: &random), minSamples: Int.random(in: 1...8, using: &random))
        let found = try dbscan.cluster(rows)
        #expect(found.labels == bruteForce(rows, dbscan))
        #expect(found.sizes.reduce(0, +) + found.noiseCount == rows.count)
        for (cluster, members) in found.members().enumerated() {
            #expect(members.count == found.sizes[cluster] && members.allSatisfy { found.labels[$0] == cluster })
        }
    }

    @Test("the size of tiles changes nothing", arguments: [1, 7, 64, 100, 299])
    func tiles(size: Int) throws {
        let rows = try Samples.clustered(count: 300, dimensions: 16, centres: 30, spread: 0.5, seed: 5)
        let dbscan = DBSCAN(eps: 0.12, minSamples: 4)
        let found = try dbscan.cluster(CosineRows(rows), tileSize: size)
        #expect(found.labels == bruteForce(rows, dbscan))
        #expect(found.clusterCount > 5 && found.noiseCount > 5)
    }

    @Test("agrees with the definition where rows are many and long enough to be compared by codes")
    func codes() throws {
        let rows = try Samples.clustered(count: 1200, dimensions: 64, centres: 150, spread: 0.6, seed: 6)
        let dbscan = DBSCAN(eps: 0.2, minSamples: 3)
        let found = try dbscan.cluster(rows)
        #expect(found.labels == bruteForce(rows, dbscan))
        #expect(found.clusterCount > 20)
    }

    @Test("a row between two clusters belongs to the one with the lower number")
    func border() throws {
        let eps = 1 - cos(10.5 * Double.pi / 180)
        // The row at 20 is no core row, and has the core rows at 10 and 30 in reach.
        let apart = try DBSCAN(eps: eps, minSamples: 4).cluster(
            try Samples.angles([40, 38, 36, 34, 30, 20, 10, 6, 4, 2, 0]))
        #expect(apart.labels == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
        #expect(!apart.isCore[5] && apart.isCore[4] && apart.isCore[6])
        #expect(apart.neighborCounts[5] == 3)
        // With the sides exchanged the numbers follow the order of rows.
        let mirrored = try DBSCAN(eps: eps, minSamples: 4).cluster(
            try Samples.angles([0, 2, 4, 6, 10, 20, 30, 34, 36, 38, 40]))
        #expect(mirrored.labels == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    }

    @Test("lengths of rows do not matter, equal rows are together, zeros are at distance 1")
    func lengths() throws {
        let rows = try DescriptorMatrix(rows: [[3e-20, 0], [5e18, 0], [0, 0], [0, 1], [0, 0]])
        #expect(try DBSCAN(eps: 1e-9, minSamples: 2).cluster(rows).labels == [0, 0, -1, -1, -1])
        #expect(try DBSCAN(eps: 1e-9, minSamples: 1).cluster(rows).labels == [0, 0, 1, 2, 3])
        #expect(try DBSCAN(eps: 1, minSamples: 5).cluster(rows).labels == [0, 0, 0, 0, 0])
        #expect(try DBSCAN(eps: 2, minSamples: 6).cluster(rows).labels == [-1, -1, -1, -1, -1])
    }

    @Test("thousands of equal rows are one cluster, and are not compared pair by pair in double precision")
    func equal() throws {
        let rows = try DescriptorMatrix(values: [Float](repeating: 0.3, count: 5000 * 64), dimensions: 64)
        let found = try DBSCAN(eps: 0.01, minSamples: 3).cluster(rows)
        #expect(found.sizes == [5000])
    }

    @Test("no row, one row, fewer rows than a core row needs")
    func few() throws {
        #expect(try DBSCAN().cluster(DescriptorMatrix(dimensions: 4)).labels == [])
        let one = try DescriptorMatrix(rows: [[1, 2]])
        #expect(try DBSCAN(eps: 0.1, minSamples: 1).cluster(one).labels == [0])
        let found = try DBSCAN(eps: 0.1, minSamples: 9).cluster(DescriptorMatrix(rows: [[1, 2], [1, 2], [2, 1]]))
        #expect(found.labels == [-1, -1, -1] && found.neighborCounts == [2, 2, 1])
    }

    @Test("impossible settings and numbers are refused by name")
    func refused() throws {
        let rows = try DescriptorMatrix(rows: [[1, 0], [0, 1]])
        for eps in [0, -0.1, 2.001, .nan, .infinity] {
            let error = #expect(throws: CleaningError.self) { try DBSCAN(eps: eps, minSamples: 3).cluster(rows) }
            #expect(error?.kind == .invalidArgument)
        }
        let error = #expect(throws: CleaningError.self) { try DBSCAN(eps: 0.1, minSamples: 0).cluster(rows) }
        #expect(error?.kind == .invalidArgument)
        for bad in [Float.nan, .infinity, -.infinity] {
            let rows = try DescriptorMatrix(rows: [[1, 0], [0, 1], [0, bad]])
            let error = #expect(throws: CleaningError.self) { try DBSCAN().cluster(rows) }
            #expect(error?.kind == .invalidInput && error?.message.contains("row 2") == true)
        }
    }

    @Test("settings are read strictly")
    func decoding() throws {
        func read(_ json: String) throws -> DBSCAN { try JSONDecoder().decode(DBSCAN.self, from: Data(json.utf8)) }
        #expect(try read("{\"eps\": 0.5}") == DBSCAN(eps: 0.5, minSamples: 3))
        #expect(throws: (any Error).self) { try read("{\"epsilon\": 0.5}") }
        #expect(throws: CleaningError.self) { try read("{\"eps\": 3}") }
    }
}
