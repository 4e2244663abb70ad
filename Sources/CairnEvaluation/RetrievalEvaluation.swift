import CairnCore
import CairnDatasets
import CairnMetrics

/// Runs a set of queries through a ranking function, the one that users use, and scores the rankings.
///
/// Queries run one after another, so that each one's times are its own.
public struct RetrievalEvaluation: Sendable {
    /// A query with its ground truth. Paths are compared as strings.
    public struct Query: Sendable {
        /// The image to search with.
        public var path: String
        /// The part of it that is searched with; `nil` for all of it.
        public var region: PixelRegion?
        /// The group that its figures are also counted in.
        public var kind: String?
        /// The right answers; an image that is junk too is junk.
        public var positives: Set<String>
        /// Neither right nor wrong: taken out of the ranking, the query itself among them.
        public var junk: Set<String>

        /// Makes a query.
        public init(
            path: String, region: PixelRegion? = nil, kind: String? = nil, positives: Set<String>, junk: Set<String>
        ) {
            self.path = path
            self.region = region
            self.kind = kind
            self.positives = positives
            self.junk = junk
        }
    }

    /// A scored query, kept for result sheets.
    public struct Outcome: Sendable {
        /// The query and its ground truth.
        public var query: Query
        /// The ranking as the search gave it.
        public var answer: RankedAnswer
        /// The ranking judged.
        public var relevance: RelevanceList
    }

    /// A finished evaluation.
    public struct Result: Sendable {
        /// The figures.
        public var report: EvaluationReport
        /// Every query, in the order given.
        public var outcomes: [Outcome]
    }

    /// What is searched with.
    public let queries: [Query]

    /// Evaluates queries with their own ground truth. Throws when there are none.
    public init(queries: [Query]) throws {
        guard !queries.isEmpty else {
            throw EvaluationError(.invalidArgument, "there is no query to evaluate: a class needs at least two images")
        }
        self.queries = queries
    }

    /// Evaluates a dataset of one folder a class: positives are the class's other images.
    public init(_ dataset: FolderDataset) throws {
        try self.init(
            queries: dataset.queries.map { query in
                // The class's own set, shared by its queries; the query is junk, which wins over positive.
                Query(
                    path: query.path, kind: query.kind, positives: dataset.paths(ofClass: query.className),
                    junk: [query.path])
            })
    }

    /// Evaluates a benchmark's queries by one of its settings; queries that the setting leaves out have no right answers.
    ///
    /// Throws where an image has no file.
    public init(_ benchmark: RetrievalBenchmark, setting: RetrievalBenchmark.Setting) throws {
        let gallery = try benchmark.galleryPaths()
        // Queries of a class have one list of rows, and so get one set.
        var known: [[Int32]: Set<String>] = [:]
        func paths(_ rows: [Int32]?) -> Set<String> {
            guard let rows, !rows.isEmpty else { return [] }
            if let set = known[rows] { return set }
            let set = Set(rows.map { gallery[Int($0)] })
            if rows.count > 8 { known[rows] = set }
            return set
        }
        try self.init(
            queries: zip(benchmark.queries, setting.judgments).map { query, judgment in
                guard let path = query.image.path else { throw benchmark.withoutPhoto(query.image) }
                return Query(
                    path: path, region: query.region, kind: query.kind, positives: paths(judgment?.positives),
                    junk: paths(judgment?.junk))
            })
    }

    /// Ranks every query and scores the rankings.
    ///
    /// An image that a ranking does not hold counts as not retrieved. Of each ranking `keeping` paths stay in its outcome, judged
    /// though it is to its end. `progress` gets the number of finished queries. The
    /// first error of the ranking function ends the run and is wrapped with the query's path; cancellation passes through.
    public func run(
        keeping kept: Int = .max, progress: (_ finished: Int) -> Void = { _ in },
        rank: (_ query: Query) async throws -> RankedAnswer
    ) async throws -> Result {
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(queries.count)
        for query in queries {
            try Task.checkCancellation()
            var answer: RankedAnswer
            do {
                answer = try await rank(query)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                let kind = (error as? any CairnError)?.kind ?? .failure
                throw EvaluationError(kind, "the search with \(query.path) failed, so nothing was scored", cause: error)
            }
            let relevance = RelevanceList(ranking: answer.paths, positives: query.positives, junk: query.junk)
            if answer.paths.count > kept { answer.paths = Array(answer.paths.prefix(kept)) }
            outcomes.append(Outcome(query: query, answer: answer, relevance: relevance))
            progress(outcomes.count)
        }
        let report = EvaluationReport(
            scores: RetrievalScores(outcomes.map { (list: $0.relevance, kind: $0.query.kind) }),
            timings: outcomes.timings)
        return Result(report: report, outcomes: outcomes)
    }
}

extension [RetrievalEvaluation.Outcome] {
    /// How long the queries took.
    public var timings: EvaluationReport.Timings {
        EvaluationReport.Timings(
            extraction: EvaluationReport.StepTimes(map(\.answer.extraction)),
            search: EvaluationReport.StepTimes(map(\.answer.search)))
    }
}
