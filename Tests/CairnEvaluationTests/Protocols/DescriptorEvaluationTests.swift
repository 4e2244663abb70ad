import CairnAlgebra
import CairnDatasets
import CairnEvaluation
import CairnFormats
import CairnMetrics
import CairnRerank
import Foundation
import Testing

@Suite struct DescriptorEvaluationTests {
    /// Unit rows of a fixed sequence.
    private static func rows(_ count: Int, _ dimensions: Int, seed: UInt64) throws -> DescriptorMatrix {
        var state = seed
        var matrix = try DescriptorMatrix(
            values: (0..<count * dimensions).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23)
            }, dimensions: dimensions)
        _ = matrix.normalizeRows()
        return matrix
    }

    private static func file(_ matrix: DescriptorMatrix, _ path: String) throws -> DescriptorFile {
        try NPYFile.write(NumericArray(matrix.values, shape: [matrix.count, matrix.dimensions]), to: path)
        return try DescriptorFile(contentsOf: path, tensors: [], normalizing: false)
    }

    /// Rankings by sorting all similarities, summed in double precision.
    private static func sorted(_ gallery: DescriptorMatrix, _ query: ArraySlice<Float>) -> [Int32] {
        let scores = (0..<gallery.count).map { row in
            Float(zip(gallery[row], query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
        }
        return (0..<Int32(gallery.count)).sorted {
            let (left, right) = (scores[Int($0)], scores[Int($1)])
            return left != right ? left > right : $0 < $1
        }
    }

    @Test("descriptors give the figures of the rankings that sorting gives", arguments: RetrievalProtocol.allCases)
    func figures(scoring: RetrievalProtocol) async throws {
        var generator = SystemRandomNumberGenerator()
        let benchmark = BenchmarkScorerTests.benchmark(scoring, queries: 30, gallery: 400, using: &generator)
        let (gallery, queries) = try (Self.rows(400, 32, seed: 1), Self.rows(30, 32, seed: 2))
        var expected = BenchmarkScorer(benchmark)
        for query in 0..<30 { expected.add(Self.sorted(gallery, queries[query]), ofQuery: query) }
        try await withTemporaryFolder { folder in
            let evaluation = try DescriptorEvaluation(
                benchmark, gallery: Self.file(gallery, folder + "/g.npy"),
                queries: Self.file(queries, folder + "/q.npy"))
            let result = try await evaluation.run(depth: 7, threads: 2)
            for (one, other) in zip(result.scorer.report.settings, expected.report.settings) {
                #expect(one.figures == other.figures)
            }
            #expect(result.rankings.count == 30)
            for query in 0..<30 {
                #expect(result.rankings[query] == Array(Self.sorted(gallery, queries[query]).prefix(7)))
            }
        }
    }

    @Test("re-ranking changes what is judged, as the pipeline alone would")
    func reranking() async throws {
        var generator = SystemRandomNumberGenerator()
        let benchmark = BenchmarkScorerTests.benchmark(.revisited, queries: 9, gallery: 100, using: &generator)
        let (gallery, queries) = try (Self.rows(100, 8, seed: 3), Self.rows(9, 8, seed: 4))
        let pipeline = try RerankingSpecification.parse("alphaqe:n=5")
        let rankings = try await pipeline.prepare(RerankingGallery(descriptors: gallery)).rank(queries, limit: 100)
        var expected = BenchmarkScorer(benchmark)
        for (query, ranking) in rankings.enumerated() { expected.add(ranking.rows, ofQuery: query) }
        try await withTemporaryFolder { folder in
            let result = try await DescriptorEvaluation(
                benchmark, gallery: Self.file(gallery, folder + "/g.npy"),
                queries: Self.file(queries, folder + "/q.npy"), reranking: pipeline
            ).run(threads: 1)
            #expect(result.scorer.report.settings.map(\.figures) == expected.report.settings.map(\.figures))
        }
    }

    @Test("arrays that do not belong to the benchmark are refused with both sizes")
    func refused() throws {
        var generator = SystemRandomNumberGenerator()
        let benchmark = BenchmarkScorerTests.benchmark(.oxford, queries: 3, gallery: 10, using: &generator)
        try withTemporaryFolder { folder in
            let gallery = try Self.file(Self.rows(10, 8, seed: 1), folder + "/g.npy")
            let queries = try Self.file(Self.rows(3, 8, seed: 2), folder + "/q.npy")
            let wide = try Self.file(Self.rows(3, 9, seed: 2), folder + "/w.npy")
            func message(_ gallery: DescriptorFile, _ queries: DescriptorFile) -> String {
                do {
                    _ = try DescriptorEvaluation(benchmark, gallery: gallery, queries: queries)
                    return "none"
                } catch { return (error as? EvaluationError)?.message ?? "\(error)" }
            }
            #expect(message(gallery, queries) == "none")
            #expect(message(queries, queries).contains("3 rows, and the gallery of made up 10"))
            #expect(message(gallery, gallery).contains("10 rows, and made up 3 queries"))
            #expect(message(gallery, wide).contains("9 dimensions"))
        }
    }

    @Test("rows that are not of unit length are refused, unless they are brought to it")
    func unitLength() throws {
        try withTemporaryFolder { folder in
            try NPYFile.write(NumericArray([3, 4, 0, 0] as [Float], shape: [2, 2]), to: folder + "/x.npy")
            #expect(throws: (any Error).self) {
                try DescriptorFile(contentsOf: folder + "/x.npy", tensors: [], normalizing: false)
            }
            let file = try DescriptorFile(contentsOf: folder + "/x.npy", tensors: [], normalizing: true)
            #expect(try file.matrix().values == [0.6, 0.8, 0, 0])
        }
    }

    @Test("two tensors of one file are gallery and queries; another's names are listed")
    func safetensors() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/features.safetensors"
            try SafetensorsFile.write(
                [
                    ("gallery", NumericArray([1, 0, 0, 1] as [Float], shape: [2, 2])),
                    ("queries", NumericArray([0, 1] as [Float], shape: [1, 2])),
                ], to: path)
            #expect(try DescriptorFile(contentsOf: path, tensors: ["gallery"], normalizing: false).count == 2)
            #expect(try DescriptorFile(contentsOf: path, tensors: ["queries"], normalizing: false).count == 1)
            #expect {
                try DescriptorFile(contentsOf: path, tensors: ["index"], normalizing: false)
            } throws: {
                ($0 as? EvaluationError)?.message.contains("gallery, queries") == true
            }
        }
    }
}
