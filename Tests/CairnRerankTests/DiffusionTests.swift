import CairnAlgebra
import Foundation
import Testing

@testable import CairnRerank

/// What numpy and scipy gave in double precision, by Scripts/parity/rerank_diffusion.py.
private struct DiffusionFixture: Decodable {
    struct Answer: Decodable {
        var rows: [Int32]
        var scores: [Float]
        var reached: Int
    }

    var dimensions: Int
    var gallery: Data
    var queries: Data
    var cases: [String: [Answer]]

    static func load() throws -> DiffusionFixture {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/diffusion", withExtension: "json"))
        return try JSONDecoder().decode(DiffusionFixture.self, from: Data(contentsOf: url))
    }

    func matrix(_ data: Data) throws -> DescriptorMatrix {
        try DescriptorMatrix(packed: data, dimensions: dimensions)
    }
}

extension DescriptorMatrix {
    /// Reads float32 numbers, little-endian, row-major.
    init(packed data: Data, dimensions: Int) throws {
        let values = stride(from: 0, to: data.count, by: 4).map { start in
            Float(bitPattern: data[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
        }
        try self.init(values: values, dimensions: dimensions)
    }
}

@Suite("Diffusion beside scipy")
struct DiffusionTests {
    static let forms: [(name: String, method: Diffusion)] = {
        var whole = Diffusion()
        (whole.k, whole.kq) = (8, 3)
        var converged = whole
        (converged.iterations, converged.tolerance) = (400, 1e-9)
        var truncated = whole
        truncated.truncation = 60
        var offline = truncated
        offline.offline = true
        return [("whole", whole), ("converged", converged), ("truncated", truncated), ("offline", offline)]
    }()

    @Test("rankings are those of scipy in double precision, and scores to 1e-5", arguments: forms, [1, 3])
    func parity(form: (name: String, method: Diffusion), threads: Int) async throws {
        let fixture = try DiffusionFixture.load()
        let gallery = try RerankingGallery(descriptors: fixture.matrix(fixture.gallery))
        let queries = try fixture.matrix(fixture.queries)
        let rankings = try await RerankingPipeline([form.method])
            .prepare(gallery, environment: RerankingEnvironment(threads: threads)).rank(queries, limit: gallery.count)
        let expected = try #require(fixture.cases[form.name])
        #expect(rankings.count == expected.count)
        for (ranking, expected) in zip(rankings, expected) {
            #expect(Array(ranking.rows.prefix(expected.rows.count)) == expected.rows)
            for (score, reference) in zip(ranking.scores, expected.scores) {
                #expect(abs(score - reference) <= 1e-5 * max(1, expected.scores[0]))
            }
            #expect(Set(ranking.rows).count == gallery.count)
        }
    }

    @Test("regional diffusion pools as scipy and numpy do", arguments: [RegionalDiffusion.Pooling.gmp, .sum])
    func regional(pooling: RegionalDiffusion.Pooling) async throws {
        let fixture = try DiffusionFixture.load()
        let regions = try RegionalDescriptors(descriptors: fixture.matrix(fixture.gallery), regionsPerImage: 5)
        let images = try regions.descriptors.rows(at: stride(from: 0, to: regions.descriptors.count, by: 5).map { $0 })
        let gallery = try RerankingGallery(descriptors: images, regions: regions)
        let asked = try RegionalDescriptors(
            descriptors: fixture.matrix(fixture.queries).rows(at: [0, 1, 2, 3]), regionsPerImage: 2)
        var method = RegionalDiffusion()
        (method.k, method.kq, method.pooling) = (8, 6, pooling)
        let rankings = try await RerankingPipeline([method]).prepare(gallery)
            .rank(asked.descriptors.rows(at: [0, 2]), queryRegions: asked, limit: gallery.count)
        for (ranking, expected) in zip(rankings, try #require(fixture.cases[pooling.rawValue])) {
            #expect(Array(ranking.rows.prefix(expected.rows.count)) == expected.rows)
            for (score, reference) in zip(ranking.scores, expected.scores) {
                #expect(abs(score - reference) <= 1e-5 * expected.scores[0])
            }
        }
    }

    @Test("a sub-graph of the whole gallery gives what the whole graph gives")
    func truncationOfEverything() async throws {
        let fixture = try DiffusionFixture.load()
        let gallery = try RerankingGallery(descriptors: fixture.matrix(fixture.gallery))
        let queries = try fixture.matrix(fixture.queries)
        var method = try #require(Self.forms.first { $0.name == "converged" }).method
        let whole = try await RerankingPipeline([method]).prepare(gallery).rank(queries, limit: 30)
        method.truncation = gallery.count
        let truncated = try await RerankingPipeline([method]).prepare(gallery).rank(queries, limit: 30)
        method.offline = true
        let offline = try await RerankingPipeline([method]).prepare(gallery).rank(queries, limit: 30)
        #expect(truncated.map(\.rows) == whole.map(\.rows))
        #expect(offline.map(\.rows) == whole.map(\.rows))
    }

    @Test("many queries at once give what each gives alone")
    func batches() async throws {
        var noise = Noise(seed: 3)
        let gallery = try RerankingGallery(descriptors: noise.matrix(300, 8))
        let queries = try noise.matrix(75, 8)
        let prepared = try await RerankingPipeline([Self.forms[0].method])
            .prepare(gallery, environment: RerankingEnvironment(threads: 2))
        let together = try await prepared.rank(queries, limit: 300)
        for query in [0, 31, 32, 74] {
            let alone = try await prepared.rank(queries.rows(at: [query]), limit: 300)
            #expect(alone == [together[query]])
        }
    }
}

@Suite("Diffusion at the edges")
struct DiffusionEdgeTests {
    @Test("too small a gallery is ranked by similarity", arguments: [0, 1])
    func smallGalleries(count: Int) async throws {
        var noise = Noise(seed: 4)
        let gallery = try RerankingGallery(descriptors: noise.matrix(count, 4))
        let rankings = try await RerankingPipeline([Diffusion()]).prepare(gallery).rank(noise.matrix(2, 4), limit: 5)
        #expect(rankings.map(\.count) == [count, count])
    }

    @Test("what diffusion does not reach follows by similarity", arguments: [0, 2])
    func unreached(truncation: Int) async throws {
        // Two pairs that do not see each other, a row of zeros, and one alone between them.
        let rows: [[Float]] = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1]]
        let gallery = try RerankingGallery(descriptors: DescriptorMatrix(rows: rows))
        var method = Diffusion()
        (method.kq, method.truncation) = (1, truncation)
        let query = try DescriptorMatrix(rows: [[0.8, 0.36, 0.48]])
        let ranking = try await RerankingPipeline([method]).prepare(gallery).rank(query, limit: 6)[0]
        #expect(ranking.rows == [0, 1, 5, 2, 3, 4])
        // The pair’s own system: f0 = y + α f1, f1 = α f0.
        #expect(abs(ranking.scores[0] - 0.512 / (1 - 0.99 * 0.99)) < 1e-3)
        #expect(abs(ranking.scores[1] - 0.99 * ranking.scores[0]) < 1e-3)
        #expect(ranking.scores[2] == 0.48)
    }

    @Test("a query of zeros begins nowhere", arguments: DiffusionTests.forms)
    func zeroQuery(form: (name: String, method: Diffusion)) async throws {
        var noise = Noise(seed: 5)
        let gallery = try RerankingGallery(descriptors: noise.matrix(20, 4))
        let query = try DescriptorMatrix(rows: [[0, 0, 0, 0]])
        let ranking = try await RerankingPipeline([form.method]).prepare(gallery).rank(query, limit: 4)[0]
        #expect(ranking.rows == [0, 1, 2, 3])
    }

    @Test("an isolated row keeps what it is given, in every form", arguments: DiffusionTests.forms)
    func isolatedSeed(form: (name: String, method: Diffusion)) async throws {
        var rows: [[Float]] = (0..<20).map { [Float($0) / 100, 1, 0] }.map { row in
            let norm = (row[0] * row[0] + 1).squareRoot()
            return row.map { $0 / norm }
        }
        rows.append([0, 0, 1])
        let gallery = try RerankingGallery(descriptors: DescriptorMatrix(rows: rows))
        let ranking = try await RerankingPipeline([form.method]).prepare(gallery)
            .rank(DescriptorMatrix(rows: [[0, 0, 1]]), limit: 2)[0]
        #expect(ranking.rows == [20, 0])
        #expect(ranking.scores == [1, 0])
    }

    @Test(
        "settings that make no sense are refused by name",
        arguments: [
            ("k", \Diffusion.k), ("kq", \.kq), ("iterations", \.iterations), ("truncation", \.truncation),
        ] as [(String, WritableKeyPath<Diffusion, Int> & Sendable)])
    func refusals(name: String, path: WritableKeyPath<Diffusion, Int> & Sendable) throws {
        var method = Diffusion()
        method[keyPath: path] = -1
        let error = #expect(throws: RerankError.self) { try method.validate() }
        #expect(error?.message.contains(name) == true)
    }

    @Test("alpha of 1, a tolerance of 1 and offline without truncation are refused")
    func otherRefusals() throws {
        var method = Diffusion()
        method.alpha = 1
        #expect(throws: RerankError.self) { try method.validate() }
        method = Diffusion()
        method.tolerance = 1
        #expect(throws: RerankError.self) { try method.validate() }
        method = Diffusion()
        method.offline = true
        #expect(throws: RerankError.self) { try method.validate() }
    }

    @Test("regional diffusion without regions is refused")
    func missingRegions() async throws {
        var noise = Noise(seed: 6)
        let images = try noise.matrix(4, 6)
        let plain = try RerankingGallery(descriptors: images)
        await #expect(throws: RerankError.self) { try await RerankingPipeline([RegionalDiffusion()]).prepare(plain) }
        let regions = try RegionalDescriptors(descriptors: noise.matrix(8, 6), regionsPerImage: 2)
        let prepared = try await RerankingPipeline([RegionalDiffusion()])
            .prepare(RerankingGallery(descriptors: images, regions: regions))
        await #expect(throws: RerankError.self) { try await prepared.rank(images, limit: 2) }
    }
}
