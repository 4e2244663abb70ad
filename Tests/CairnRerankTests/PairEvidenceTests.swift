import CairnAlgebra
import Testing

@testable import CairnRerank

/// Inlier counts from a table, and what was asked for.
private struct TableEvidence: PhotoComparison {
    /// For each query, by row.
    var counts: [[Int]]
    var matching = PairMatching.features

    func inliers(query: Int, rows: [Int32], by matching: PairMatching) async throws -> [Int] {
        #expect(matching == self.matching)
        return rows.map { counts[query][Int($0)] }
    }

    func localRanking(query: Int, limit: Int) async throws -> [(row: Int32, inliers: Int)] {
        counts[query].enumerated().map { (row: Int32($0), inliers: $1) }
            .sorted { ($0.inliers, $1.row) > ($1.inliers, $0.row) }.prefix(limit).map(\.self)
    }
}

@Suite("Re-ranking by photos")
struct PairEvidenceTests {
    /// Rows at growing angles from the query.
    private let gallery = try? RerankingGallery(
        descriptors: DescriptorMatrix(rows: [[1, 0], [0.96, 0.28], [0.8, 0.6], [0.6, 0.8], [0.28, 0.96], [0, 1]]))
    private let query = try? DescriptorMatrix(rows: [[1, 0]])

    private func rank(_ line: String, _ evidence: TableEvidence?, limit: Int = 10) async throws -> Ranking {
        try await RerankingSpecification.parse(line).prepare(#require(gallery)).rank(
            #require(query), limit: limit, evidence: evidence)[0]
    }

    @Test("verified rows come first, most inliers first; others keep order and score behind them")
    func verification() async throws {
        let evidence = TableEvidence(counts: [[3, 12, 0, 30, 12, 99]])
        let found = try await rank("verify:n=5,inliers=10", evidence)
        // Row 5 is not among the five that are compared.
        #expect(found.rows == [3, 1, 4, 0, 2, 5])
        #expect(found.scores == [30, 12, 12, 1, 0.8, 0])
        #expect(try await rank("verify:n=5,inliers=10", evidence, limit: 2).rows == [3, 1])
        #expect(try await rank("verify:n=5,inliers=1000", evidence).rows == [0, 1, 2, 3, 4, 5])
    }

    @Test("a learned matcher is asked by its name, and for keypoints where some are named")
    func learned() async throws {
        let plain = TableEvidence(
            counts: [[0, 0, 15, 10, 50, 0]], matching: .learned(matcher: "loftr", keypoints: nil))
        #expect(try await rank("match:model=loftr,n=4", plain).rows == [2, 3, 0, 1, 4, 5])
        var other = plain
        other.matching = .learned(matcher: "lightglue", keypoints: "aliked")
        #expect(try await rank("match:model=lightglue,keypoints=aliked,n=4", other).rows == [2, 3, 0, 1, 4, 5])
    }

    @Test("guided expansion adds the top and all rows with more inliers than asked, each once")
    func guided() async throws {
        let evidence = TableEvidence(counts: [[41, 40, 0, 0, 0, 41]])
        let found = try await rank("guidedqe:n=2,inliers=40", evidence)
        // q + rows 0 and 1 (top) + row 5 (row 0 again does not count): (2.96, 1.28).
        let length: Float = (2.96 * 2.96 + 1.28 * 1.28 as Float).squareRoot()
        let expected = Ranking(
            sorting: [[1, 0], [0.96, 0.28], [0.8, 0.6], [0.6, 0.8], [0.28, 0.96], [0, 1]].enumerated().map {
                (row: Int32($0), score: ($1[0] * 2.96 + $1[1] * 1.28) / length)
            })
        #expect(found.rows == expected.rows)
        #expect(zip(found.scores, expected.scores).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("discriminative expansion learns from verified rows where there are photos")
    func discriminative() async throws {
        // Only the row at right angles is verified; the plane turns towards it.
        let evidence = TableEvidence(counts: [[0, 0, 0, 0, 0, 25]])
        let verified = try await rank("dqe:n=6,negatives=2,inliers=20", evidence)
        let none = TableEvidence(counts: [[0, 0, 0, 0, 0, 0]])
        #expect(try await rank("dqe:n=6,negatives=2,inliers=20", none).rows.first == 0)
        #expect(verified.scores[0] > verified.scores[5])
        #expect(try #require(verified.rows.firstIndex(of: 5)) < 5)
        // Without photos all of the top are positive, and with them where no inliers are asked for.
        let plain = try await rank("dqe:n=3,negatives=2", nil)
        #expect(try await rank("dqe:n=3,negatives=2,inliers=0", evidence) == plain)
    }

    @Test("methods that need photos say so", arguments: ["verify", "match:model=loftr", "guidedqe"])
    func noPhotos(line: String) async throws {
        let error = await #expect(throws: RerankError.self) { try await rank(line, nil) }
        #expect(error?.message.contains("compares photos, and arrays of descriptors have none") == true)
    }

    @Test("leaving rows out, evidence still goes by the numbers of the whole gallery")
    func leaveOneOut() async throws {
        let evidence = TableEvidence(counts: [[0, 0, 0, 0, 0, 0], [9, 99, 0, 50, 30, 0]])
        let gallery = try #require(gallery)
        let queries = try gallery.descriptors.rows(at: [0, 1])
        let found = try await RerankingSpecification.parse("verify:n=6,inliers=20").rank(
            queries, leavingOut: [nil, 1], in: gallery, limit: 10, evidence: evidence)
        #expect(found[0].rows == [0, 1, 2, 3, 4, 5])
        #expect(found[1].rows == [3, 4, 0, 2, 5])
        let guided = try await RerankingSpecification.parse("guidedqe:n=1,inliers=40").rank(
            queries, leavingOut: [nil, 1], in: gallery, limit: 10, evidence: evidence)
        // Query 1 is expanded by row 0, its best, and row 3 with 50 inliers, not by itself.
        let expected = try await RerankingPipeline([]).rank(
            DescriptorMatrix(rows: [[0.96 + 1 + 0.6, 0.28 + 0 + 0.8]]), leavingOut: [1], in: gallery, limit: 10)
        #expect(guided[1].rows == expected[0].rows)
    }
}
