import CairnAlgebra
import Foundation
import Testing

@testable import CairnRerank

/// What numpy and scikit-learn gave in double precision, by Scripts/parity/rerank_expansion.py.
private struct ExpansionFixture: Decodable {
    struct Case: Decodable, CustomTestStringConvertible {
        var rerank: String
        var rows: [[Int32]]
        var scores: [[Float]]
        var testDescription: String { rerank }
    }

    var queries: [[Float]]
    var gallery: [[Float]]
    var labels: [String]
    var limit: Int
    var cases: [Case]

    static let shared: ExpansionFixture? = {
        guard let url = Bundle.module.url(forResource: "Fixtures/expansion", withExtension: "json") else { return nil }
        return try? JSONDecoder().decode(ExpansionFixture.self, from: Data(contentsOf: url))
    }()
}

@Suite("Expansions beside numpy")
struct ExpansionParityTests {
    @Test(
        "rankings are those of numpy in double precision, and scores to 1e-5",
        arguments: ExpansionFixture.shared?.cases ?? [])
    private func parity(expected: ExpansionFixture.Case) async throws {
        let fixture = try #require(ExpansionFixture.shared)
        let gallery = try RerankingGallery(
            descriptors: DescriptorMatrix(rows: fixture.gallery), labels: fixture.labels.map { $0.isEmpty ? nil : $0 })
        let pipeline = try RerankingSpecification.parse(expected.rerank)
        for threads in [1, 3] {
            let found = try await pipeline.prepare(gallery, environment: RerankingEnvironment(threads: threads))
                .rank(DescriptorMatrix(rows: fixture.queries), limit: fixture.limit)
            for (query, ranking) in found.enumerated() {
                #expect(ranking.rows == expected.rows[query], "query \(query)")
                // A support vector machine is compared to the accuracy that both solvers stop at.
                let tolerance: Float = expected.rerank.hasPrefix("dqe") ? 1e-4 : 1e-5
                for (score, reference) in zip(ranking.scores, expected.scores[query]) {
                    #expect(abs(score - reference) < tolerance, "query \(query)")
                }
            }
        }
    }

    @Test("there are goldens to compare with")
    func goldens() throws { #expect(try #require(ExpansionFixture.shared).cases.count == 15) }
}
