import CairnAlgebra
import Foundation
import Testing

@testable import CairnRerank

/// What numpy gave in double precision, by Scripts/parity/rerank_kreciprocal.py.
private struct KReciprocalFixture: Decodable {
    struct Answer: Decodable {
        var rows: [Int32]
        var scores: [Float]
    }

    struct Case: Decodable {
        var k1: Int
        var k2: Int
        var lambda: Double
        var batch: [Answer]
        var alone: [Answer]
    }

    var dimensions: Int
    var gallery: Data
    var queries: Data
    var cases: [String: Case]

    static func load() throws -> KReciprocalFixture {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/kreciprocal", withExtension: "json"))
        return try JSONDecoder().decode(KReciprocalFixture.self, from: Data(contentsOf: url))
    }
}

@Suite("k-reciprocal re-ranking")
struct KReciprocalTests {
    @Test(
        "rankings are those of the authors' function in double precision, and scores to 1e-5",
        arguments: ["default", "small", "unaveraged", "weighted", "everything"], [true, false])
    func parity(name: String, batch: Bool) async throws {
        let fixture = try KReciprocalFixture.load()
        let expected = try #require(fixture.cases[name])
        let gallery = try RerankingGallery(
            descriptors: DescriptorMatrix(packed: fixture.gallery, dimensions: fixture.dimensions))
        let queries = try DescriptorMatrix(packed: fixture.queries, dimensions: fixture.dimensions)
        var method = KReciprocal()
        (method.k1, method.k2, method.lambda, method.batch) = (expected.k1, expected.k2, expected.lambda, batch)
        let answers = batch ? expected.batch : expected.alone
        for (threads, limit) in [(1, gallery.count), (3, 15)] {
            let rankings = try await RerankingPipeline([method])
                .prepare(gallery, environment: RerankingEnvironment(threads: threads)).rank(queries, limit: limit)
            #expect(rankings.count == answers.count)
            for (query, (ranking, answer)) in zip(rankings, answers).enumerated() {
                #expect(Array(ranking.rows.prefix(answer.rows.count)) == answer.rows, "query \(query)")
                for (score, reference) in zip(ranking.scores, answer.scores) {
                    #expect(abs(score - reference) < 1e-5, "query \(query)")
                }
            }
        }
    }

    @Test("alone, each query is a batch of one")
    func batchesOfOne() async throws {
        var noise = Noise(seed: 21)
        let gallery = try RerankingGallery(descriptors: noise.matrix(400, 5))
        let queries = try noise.matrix(40, 5)
        var together = KReciprocal()
        together.batch = true
        let alone = try await RerankingPipeline([KReciprocal()]).prepare(gallery).rank(queries, limit: 400)
        let batch = try await RerankingPipeline([together]).prepare(gallery)
        for query in 0..<queries.count {
            let expected = try await batch.rank(queries.rows(at: [query]), limit: 400)[0]
            #expect(alone[query].rows == expected.rows)
            #expect(zip(alone[query].scores, expected.scores).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test("galleries smaller than the lists are ranked whole", arguments: [0, 1, 2, 5], [true, false])
    func smallGalleries(count: Int, batch: Bool) async throws {
        var noise = Noise(seed: 22)
        let gallery = try RerankingGallery(descriptors: noise.matrix(count, 4))
        var method = KReciprocal()
        method.batch = batch
        let rankings = try await RerankingPipeline([method]).prepare(gallery).rank(noise.matrix(3, 4), limit: 9)
        for ranking in rankings {
            #expect(ranking.rows.sorted() == (0..<Int32(count)).map { $0 })
            #expect(ranking.scores.allSatisfy { $0.isFinite })
        }
    }

    @Test("of exact duplicates the lower row comes first, and zeros come after them", arguments: [true, false])
    func duplicates(batch: Bool) async throws {
        let rows: [[Float]] = [[0, 0], [1, 0], [0, 1], [1, 0], [1, 0], [-1, 0]]
        let gallery = try RerankingGallery(descriptors: DescriptorMatrix(rows: rows))
        var method = KReciprocal()
        (method.k1, method.k2, method.batch) = (2, 1, batch)
        let ranking = try await RerankingPipeline([method]).prepare(gallery)
            .rank(DescriptorMatrix(rows: [[1, 0]]), limit: 6)[0]
        #expect(Array(ranking.rows.prefix(3)) == [1, 3, 4])
        #expect(Array(ranking.rows.suffix(3)) == [0, 2, 5])
    }

    @Test("settings that make no sense are refused by name")
    func refusals() throws {
        var method = KReciprocal()
        method.k1 = 0
        #expect(throws: RerankError.self) { try method.validate() }
        method = KReciprocal()
        method.k2 = 22
        #expect(throws: RerankError.self) { try method.validate() }
        method = KReciprocal()
        method.lambda = 1.5
        let error = #expect(throws: RerankError.self) { try method.validate() }
        #expect(error?.message.contains("lambda") == true)
    }
}
