import CairnAlgebra
import CairnCore
import Testing

@testable import CairnRerank

@Suite("Re-ranking pipeline")
struct RerankingPipelineTests {
    private static let arrays = [
        "aqe", "alphaqe", "alphaqe:n=3,alpha=0", "dqe", "dba", "dba:weights=log", "superglobal", "discriminative",
        "dba:k=3;alphaqe:n=4;superglobal:m=6", "dba;dba;aqe;discriminative",
    ]

    private func rank(
        _ line: String, _ queries: DescriptorMatrix, _ gallery: DescriptorMatrix, limit: Int, threads: Int = 1
    ) async throws -> [Ranking] {
        let labels = (0..<gallery.count).map { $0 % 3 == 2 ? nil : "thing \($0 % 4)" }
        return try await RerankingSpecification.parse(line)
            .prepare(
                RerankingGallery(descriptors: gallery, labels: labels),
                environment: RerankingEnvironment(threads: threads)
            ).rank(queries, limit: limit)
    }

    @Test("without methods rows are in the order of similarity")
    func similarity() async throws {
        let gallery = try DescriptorMatrix(rows: [[1, 0], [0, 1], [0.6, 0.8], [1, 0], [0, 0]])
        let found = try await RerankingPipeline([]).prepare(RerankingGallery(descriptors: gallery))
            .rank(DescriptorMatrix(rows: [[1, 0], [0, 0]]), limit: 10)
        #expect(found[0] == Ranking(rows: [0, 3, 2, 1, 4], scores: [1, 1, 0.6, 0, 0]))
        #expect(found[1] == Ranking(rows: [0, 1, 2, 3, 4], scores: [0, 0, 0, 0, 0]))
    }

    @Test("every method ranks galleries of any size: each row once, on any number of threads alike", arguments: arrays)
    func sizes(line: String) async throws {
        var noise = Noise(seed: 3)
        let queries = try noise.matrix(4, 11)
        for count in [1, 2, 3, 17, 60] {
            let gallery = try noise.matrix(count, 11)
            let found = try await rank(line, queries, gallery, limit: 1000)
            for ranking in found {
                #expect(ranking.rows.sorted() == (0..<Int32(count)).map(\.self), "\(count) rows")
                #expect(ranking.scores.allSatisfy { $0.isFinite })
            }
            #expect(try await rank(line, queries, gallery, limit: 1000, threads: 5) == found)
            let short = try await rank(line, queries, gallery, limit: 2)
            #expect(short == found.map { $0.prefix(2) })
        }
    }

    @Test("an empty gallery gives empty rankings, and no queries none", arguments: arrays)
    func empty(line: String) async throws {
        var noise = Noise(seed: 4)
        let (some, none) = (try noise.matrix(3, 8), try DescriptorMatrix(dimensions: 8))
        #expect(try await rank(line, some, none, limit: 5) == [Ranking(), Ranking(), Ranking()])
        #expect(try await rank(line, none, some, limit: 5).isEmpty)
    }

    @Test("equal rows stay beside each other, the lower first, and rows of zeros last", arguments: arrays)
    func duplicates(line: String) async throws {
        var noise = Noise(seed: 5)
        let distinct = try noise.matrix(6, 9)
        var gallery = try distinct.rows(at: [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
        try gallery.append([Float](repeating: 0, count: 9))
        let queries = try distinct.rows(at: [2])
        let found = try await rank(line, queries, gallery, limit: 20)[0]
        #expect(Set(found.rows) == Set(0..<13))
        // Labels tell duplicates apart.
        guard !line.contains("discriminative") else { return }
        let place = Dictionary(uniqueKeysWithValues: found.rows.enumerated().map { ($1, $0) })
        for row in Int32(0)..<6 {
            let (first, second) = (try #require(place[row]), try #require(place[row + 6]))
            #expect(second > first)
            #expect(abs(found.scores[first] - found.scores[second]) < 1e-6)
        }
    }

    @Test("a query of zeros stays zeros", arguments: ["aqe", "alphaqe", "alphaqe:alpha=0", "dqe"])
    func zeroQuery(line: String) async throws {
        var noise = Noise(seed: 6)
        let found = try await rank(
            line, DescriptorMatrix(rows: [[Float](repeating: 0, count: 9)]), noise.matrix(20, 9), limit: 20)[0]
        #expect(found.scores.allSatisfy { $0 == 0 })
        #expect(found.rows == (0..<20).map(\.self))
    }

    @Test("numbers that are not finite are refused with their row", arguments: [Float.nan, .infinity, -.infinity])
    func notFinite(value: Float) async throws {
        let bad = try DescriptorMatrix(rows: [[1, 0], [0, value]])
        let good = try DescriptorMatrix(rows: [[1, 0]])
        let error = #expect(throws: RerankError.self) { try RerankingGallery(descriptors: bad) }
        #expect(error?.kind == .invalidInput && error?.message.contains("row 1 of the gallery") == true)
        let prepared = try await RerankingPipeline([]).prepare(RerankingGallery(descriptors: good))
        let asked = await #expect(throws: RerankError.self) { try await prepared.rank(bad, limit: 1) }
        #expect(asked?.message.contains("row 1 of the queries") == true)
    }

    @Test("what does not fit together is refused")
    func misfits() async throws {
        let gallery = try DescriptorMatrix(rows: [[1, 0], [0, 1]])
        #expect(throws: RerankError.self) { try RerankingGallery(descriptors: gallery, labels: ["a"]) }
        let regions = try RegionalDescriptors(descriptors: gallery, regionsPerImage: 2)
        #expect(throws: RerankError.self) { try RerankingGallery(descriptors: gallery, regions: regions) }
        #expect(throws: RerankError.self) { try RegionalDescriptors(descriptors: gallery, regionsPerImage: 3) }
        #expect(throws: RerankError.self) { try RegionalDescriptors(descriptors: gallery, regionsPerImage: 0) }
        let prepared = try await RerankingPipeline([]).prepare(RerankingGallery(descriptors: gallery))
        await #expect(throws: RerankError.self) { try await prepared.rank(gallery, limit: 0) }
        await #expect(throws: RerankError.self) {
            try await prepared.rank(DescriptorMatrix(rows: [[1, 0, 0]]), limit: 1)
        }
        await #expect(throws: RerankError.self) { try await prepared.rank(gallery, queryRegions: regions, limit: 1) }
    }

    @Test("discriminative re-ranking without labels says so")
    func noLabels() async throws {
        let gallery = try DescriptorMatrix(rows: [[1, 0], [0, 1]])
        for labels in [nil, [nil, nil]] as [[String?]?] {
            let error = await #expect(throws: RerankError.self) {
                try await RerankingSpecification.parse("discriminative").prepare(
                    RerankingGallery(descriptors: gallery, labels: labels))
            }
            #expect(error?.message.contains("needs labels") == true)
        }
    }

    @Test("neighbours are found once for the largest number, and are those of brute force")
    func neighbors() throws {
        var noise = Noise(seed: 7)
        let matrix = try noise.matrix(30, 6)
        let gallery = try RerankingGallery(descriptors: matrix)
        let five = try gallery.neighbors(5, environment: RerankingEnvironment())
        #expect(try gallery.neighbors(3, environment: RerankingEnvironment()) == five)
        #expect(try gallery.neighbors(500, environment: RerankingEnvironment()).k == 29)
        let expected = (0..<30).filter { $0 != 4 }.map { ($0, innerProduct(matrix[4], matrix[$0])) }
            .sorted { ($0.1, $1.0) > ($1.1, $0.0) }.prefix(5).map { Int32($0.0) }
        #expect(Array(five.neighbors(of: 4).indices) == expected)
    }

    @Test("with one labelled view of each thing, rows of the query's label come first and the missed ones are inserted")
    func discriminativeByHand() async throws {
        // Two things along the axes; row 3 is “a” by its label though it looks like “b”.
        let gallery = try DescriptorMatrix(rows: [[0, 1], [1, 0], [0.8, 0.6], [0.1, 0.995], [0.6, 0.8]])
        let method = try RerankingSpecification.parse("discriminative:n=2,k=1,threshold=0.5")
        let found = try await method.prepare(
            RerankingGallery(descriptors: gallery, labels: ["b", "a", nil, "a", nil])
        ).rank(DescriptorMatrix(rows: [[1, 0]]), limit: 5)[0]
        // Rows 1 and 2 are “a” and stay; row 3, itself its only voter, is inserted; 0 and 4 are “b”.
        #expect(found.rows == [1, 2, 3, 4, 0])
        #expect(found.scores == [1, 0.8, 0.1, 0.6, 0])
    }
}
