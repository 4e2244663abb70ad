import Cairn
import CairnDatasets
import CairnImaging
import CairnMetrics

/// A benchmark's photos searched as users search: through a collection that holds its gallery.
public struct PhotoEvaluation: Sendable {
    /// What is evaluated.
    public let benchmark: RetrievalBenchmark

    private let searcher: Searcher
    private let rows: [String: [Int32]]

    /// A finished run.
    public struct Result: Sendable {
        /// The figures, with times.
        public var report: ProtocolReport
        /// The judged rankings.
        public var scorer: BenchmarkScorer
        /// Gallery rows for each query, best first.
        public var rankings: [[Int32]]
        /// Every query judged by the setting shown, for sheets.
        public var shown: RetrievalEvaluation.Result
        /// The setting shown; `nil` where it has no name.
        public var setting: String?
    }

    /// Joins a benchmark and a searcher over its photos. Throws where an image has no file.
    public init(_ benchmark: RetrievalBenchmark, searcher: Searcher) throws {
        self.benchmark = benchmark
        self.searcher = searcher
        rows = try benchmark.rowsByPath()
    }

    /// Files of the gallery that the collection does not hold, so that they cannot be found: those that are no usable images.
    public func missingPaths() throws -> [String] {
        try rows.keys.filter { try searcher.snapshot.imageID(atPath: $0) == nil }.sorted()
    }

    /// Searches with every query.
    ///
    /// - Parameters:
    ///   - setting: The way of judging that `shown` goes by; `nil` for medium where there is such, else the first.
    ///   - depth: How much of each ranking is kept, at least 1,000; figures are of all of it.
    ///   - progress: Gets the number of finished queries.
    /// - Throws: `EvaluationError` when a query cannot be searched with.
    public func run(
        showing setting: String? = nil, depth: Int = 1_000, progress: (_ finished: Int) -> Void = { _ in }
    ) async throws -> Result {
        let shown =
            benchmark.settings.first { $0.name == setting ?? "medium" } ?? benchmark.settings.first
            ?? RetrievalBenchmark.Setting(judgments: benchmark.queries.map { _ in nil })
        let limit = benchmark.scoring.depth.map { $0 + 100 } ?? max(1_000, benchmark.gallery.count)
        let kept = max(1_000, depth)
        var scorer = BenchmarkScorer(benchmark)
        var rankings: [[Int32]] = []
        let result = try await RetrievalEvaluation(benchmark, setting: shown).run(keeping: kept, progress: progress) {
            let answer = try await searcher.rankedAnswer(to: $0, limit: limit)
            let ranking = answer.paths.flatMap { rows[$0] ?? [] }
            scorer.add(ranking, ofQuery: rankings.count)
            rankings.append(Array(ranking.prefix(kept)))
            return answer
        }
        var report = scorer.report
        report.timings = result.report.timings
        return Result(
            report: report, scorer: scorer, rankings: rankings, shown: result, setting: shown.name)
    }
}

extension Searcher {
    /// One query of an evaluation, answered as users are answered; a photo that cannot be read, with nothing.
    ///
    /// A query that is in the collection is left out of it, so that it does not help itself, unless its ground truth counts it as
    /// found. The same photo under another path is found first: it is as similar as can be.
    public func rankedAnswer(to query: RetrievalEvaluation.Query, limit: Int) async throws -> RankedAnswer {
        let countsItself = query.positives.contains(query.path) && !query.junk.contains(query.path)
        let own = countsItself ? nil : try snapshot.imageID(atPath: query.path)
        let answer: SearchAnswer
        do {
            answer = try await search(contentsOf: query.path, region: query.region, limit: limit, excluding: own)
        } catch let error as ImagingError {
            return RankedAnswer(paths: [], extraction: .zero, search: .zero, failure: error.message)
        }
        let copies = try own.flatMap { try snapshot.image($0)?.paths.filter { $0 != query.path } } ?? []
        return RankedAnswer(
            paths: copies + answer.results.flatMap { [$0.image] + ($0.copies ?? []) },
            extraction: .milliseconds(1) * (answer.timings["extraction"] ?? 0),
            search: .milliseconds(1) * (answer.timings["search"] ?? 0))
    }
}
