import CairnAlgebra
import Testing

@testable import CairnRerank

@Suite("Leaving a query's own row out")
struct LeaveOneOutTests {
    @Test(
        "each query is ranked as in a gallery that never had its row",
        arguments: ["aqe:n=3", "dba:k=4;alphaqe:n=5", "superglobal:m=8,k=3", "discriminative:n=6"])
    func asWithout(line: String) async throws {
        var noise = Noise(seed: 9)
        let matrix = try noise.matrix(24, 7)
        let labels = (0..<24).map { $0 % 5 == 0 ? nil : "thing \($0 % 3)" }
        let rows: [Int?] = [5, nil, 0, 23, 5, nil]
        let asked = [5, 8, 0, 23, 6, 9]
        let pipeline = try RerankingSpecification.parse(line)
        let found = try await pipeline.rank(
            matrix.rows(at: asked), leavingOut: rows, in: RerankingGallery(descriptors: matrix, labels: labels),
            limit: 12)
        for (place, row) in rows.enumerated() {
            let kept = (0..<24).filter { $0 != row }
            let reduced = try RerankingGallery(
                descriptors: matrix.rows(at: kept), labels: kept.map { labels[$0] })
            let expected = try await pipeline.prepare(reduced).rank(matrix.rows(at: [asked[place]]), limit: 12)[0]
            #expect(found[place].rows == expected.rows.map { Int32(kept[Int($0)]) }, "query \(place)")
            #expect(found[place].scores == expected.scores)
            #expect(!found[place].rows.contains { Int($0) == row })
        }
    }

    @Test("regions are left out with their row")
    func regions() throws {
        let rows = try DescriptorMatrix(rows: [[1], [2], [3], [4], [5], [6]])
        let gallery = try RerankingGallery(
            descriptors: rows.rows(at: [0, 2, 4]), regions: RegionalDescriptors(descriptors: rows, regionsPerImage: 2))
        let reduced = try gallery.leavingOut(row: 1)
        #expect(reduced.descriptors.values == [1, 5])
        #expect(reduced.regions?.descriptors.values == [1, 2, 5, 6])
    }

    @Test("a gallery of the query's row alone has nothing left to rank")
    func alone() async throws {
        let one = try DescriptorMatrix(rows: [[1, 0]])
        let found = try await RerankingSpecification.parse("dba;aqe").rank(
            one, leavingOut: [0], in: RerankingGallery(descriptors: one), limit: 3)
        #expect(found == [Ranking()])
    }

    @Test("rows that are none, and lists of another length, are refused")
    func wrong() async throws {
        let one = try DescriptorMatrix(rows: [[1, 0]])
        let gallery = try RerankingGallery(descriptors: one)
        for rows in [[], [1], [-1], [nil, nil]] as [[Int?]] {
            await #expect(throws: RerankError.self) {
                try await RerankingPipeline([]).rank(one, leavingOut: rows, in: gallery, limit: 1)
            }
        }
    }
}
