import CairnAlgebra
import CairnDatasets
import CairnMetrics
import CairnRerank
import Foundation
import Synchronization

/// A benchmark scored with ready descriptors: published feature files, or those of another program.
///
/// Without re-ranking the gallery streams from its file: where a protocol judges whole rankings, the exact ranks of right answers
/// are counted without storing a ranking (`TargetRanks`); where it judges the first `k`, those are found (`NearestRows`). With
/// re-ranking everything is in memory, and a query that is in the gallery and counts as junk is left out of graphs and expansion
/// too, which costs a preparation for each such query.
public struct DescriptorEvaluation: Sendable {
    /// What is evaluated.
    public let benchmark: RetrievalBenchmark

    private let gallery: DescriptorFile
    private let queries: DescriptorFile
    private let pipeline: RerankingPipeline?

    /// A finished run.
    public struct Result: Sendable {
        /// The judged rankings.
        public var scorer: BenchmarkScorer
        /// The first gallery rows for each query, best first, where they were asked for.
        public var rankings: [[Int32]]
        /// How long all queries took, without reading files.
        public var seconds: Double
    }

    /// Joins a benchmark and its descriptors.
    ///
    /// - Parameters:
    ///   - benchmark: What is evaluated.
    ///   - gallery: A row for each gallery image, in the benchmark's order.
    ///   - queries: A row for each query.
    ///   - reranking: Methods of re-ranking; `nil` for similarity alone.
    /// - Throws: `EvaluationError` where counts or dimensions differ, and for methods that compare photos.
    public init(
        _ benchmark: RetrievalBenchmark, gallery: DescriptorFile, queries: DescriptorFile,
        reranking: RerankingPipeline? = nil
    ) throws {
        guard gallery.count == benchmark.gallery.count else {
            throw EvaluationError(
                .invalidInput,
                "\(gallery.name) has \(gallery.count) rows, and the gallery of \(benchmark.name) \(benchmark.gallery.count) images; rows are in the order of the benchmark’s own list"
            )
        }
        guard queries.count == benchmark.queries.count else {
            throw EvaluationError(
                .invalidInput,
                "\(queries.name) has \(queries.count) rows, and \(benchmark.name) \(benchmark.queries.count) queries")
        }
        guard gallery.dimensions == queries.dimensions else {
            throw EvaluationError(
                .invalidInput,
                "\(queries.name) has \(queries.dimensions) dimensions and \(gallery.name) \(gallery.dimensions); extract both with the same model"
            )
        }
        if let method = reranking?.methodsThatNeedPhotos.first {
            throw EvaluationError(
                .invalidArgument,
                "\(method) compares photos, and descriptors have none; leave it out, or evaluate photos")
        }
        self.benchmark = benchmark
        self.gallery = gallery
        self.queries = queries
        pipeline = reranking.flatMap { $0.methods.isEmpty ? nil : $0 }
    }

    /// Searches with every query.
    ///
    /// - Parameters:
    ///   - depth: How much of each ranking is returned; 0 for none.
    ///   - threads: Threads to work on.
    ///   - progress: Told what is under way and how far it is, from any thread.
    public func run(
        depth: Int = 0, threads: Int, progress: (@Sendable (_ step: String, _ done: Int, _ total: Int) -> Void)? = nil
    ) async throws -> Result {
        if let pipeline {
            return try await run(pipeline, depth: depth, threads: threads, progress: progress)
        }
        let clock = ContinuousClock()
        let start = clock.now
        var scorer = BenchmarkScorer(benchmark)
        var rankings: [[Int32]] = []
        let cancellation = CancellationFlag()
        func monitor(_ step: String) -> SearchMonitor {
            SearchMonitor(progress: { progress?(step, $0, $1) }, isCancelled: { cancellation.isSet })
        }
        do {
            try await withTaskCancellationHandler {
                // The query takes a place of its own ranking where it is junk, and is taken out later.
                let margin = longestJunk
                let needed = max(depth, benchmark.scoring.depth ?? 0)
                if needed > 0 {
                    let k = min(gallery.count, needed + margin)
                    try NearestRows.search(
                        queries: queries, in: gallery, k: k, threads: threads, monitor: monitor("Searching")
                    ) { first, found in
                        for query in 0..<found.queryCount {
                            let rows = found.neighbors(of: query).indices
                            if benchmark.scoring.depth != nil { scorer.add(rows, ofQuery: first + query) }
                            if depth > 0 { rankings.append(Array(rows.prefix(depth))) }
                        }
                    }
                }
                if benchmark.scoring.depth == nil {
                    let targets = benchmark.queries.indices.map { scorer.targets(ofQuery: $0) }
                    let positions = try TargetRanks.find(
                        queries: queries, in: gallery, targets: targets, threads: threads, monitor: monitor("Ranking"))
                    for (query, found) in positions.enumerated() { scorer.add(positions: found, ofQuery: query) }
                }
            } onCancel: {
                cancellation.set()
            }
        } catch {
            // A search that was told to stop says so in its own words.
            try Task.checkCancellation()
            throw error
        }
        return Result(scorer: scorer, rankings: rankings, seconds: (clock.now - start) / .seconds(1))
    }

    private func run(
        _ pipeline: RerankingPipeline, depth: Int, threads: Int,
        progress: (@Sendable (_ step: String, _ done: Int, _ total: Int) -> Void)?
    ) async throws -> Result {
        let (rows, asked) = try (gallery.matrix(), queries.matrix())
        let clock = ContinuousClock()
        let start = clock.now
        let environment = RerankingEnvironment(threads: threads, progress: progress)
        let searched = try RerankingGallery(descriptors: rows)
        let own = benchmark.ownJunkRows
        let leavesOut = own.contains { $0 != nil }
        let prepared = leavesOut ? nil : try await pipeline.prepare(searched, environment: environment)
        let limit = benchmark.scoring.depth.map { min(gallery.count, max($0, depth) + longestJunk) } ?? gallery.count
        var scorer = BenchmarkScorer(benchmark)
        var rankings: [[Int32]] = []
        // A slice at a time: whole rankings of all queries need not fit.
        let slice = max(1, min(asked.count, 16_000_000 / max(1, limit)))
        for first in stride(from: 0, to: asked.count, by: slice) {
            let numbers = first..<min(first + slice, asked.count)
            let part = try asked.rows(at: numbers)
            let found =
                if let prepared {
                    try await prepared.rank(part, limit: limit)
                } else {
                    try await pipeline.rank(
                        part, leavingOut: Array(own[numbers]), in: searched, limit: limit, environment: environment)
                }
            for (query, ranking) in zip(numbers, found) {
                scorer.add(ranking.rows, ofQuery: query)
                if depth > 0 { rankings.append(Array(ranking.rows.prefix(depth))) }
            }
        }
        return Result(scorer: scorer, rankings: rankings, seconds: (clock.now - start) / .seconds(1))
    }

    /// How many rows a query's junk may take of a ranking.
    private var longestJunk: Int {
        benchmark.settings.flatMap(\.judgments).reduce(0) { max($0, $1?.junk.count ?? 0) }
    }
}

/// A flag that other threads than the task's own may read.
private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
