import CairnMetrics

/// An evaluation as one HTML file: the figures, and for every query what was ranked first, right and wrong marked.
///
/// Queries come worst first, since that is what one opens the sheet for. Every picture is embedded once, however often it
/// is ranked.
public struct EvaluationSheet: Sendable {
    /// What an image in a ranking turned out to be.
    public enum Verdict: String, Sendable, Codable {
        /// A right answer.
        case right
        /// A wrong one.
        case wrong
        /// A right answer past the ranks shown, or not retrieved at all.
        case missed
    }

    /// An image of a ranking.
    public struct Entry: Hashable, Sendable {
        /// Its path.
        public var path: String
        /// Its rank from 1, junk not counted; `nil` when it was not retrieved.
        public var rank: Int?
        /// Right, wrong or missed.
        public var verdict: Verdict
    }

    /// A query with its first results, and the right answers that are not among them.
    public struct Item: Sendable {
        /// The query's path.
        public var path: String
        /// Its kind, where it has one.
        public var kind: String?
        /// Average precision of its whole ranking; `nil` when nothing could have been found.
        public var averagePrecision: Double?
        /// How many right answers there are.
        public var positiveCount: Int
        /// The first results in order.
        public var shown: [Entry]
        /// Right answers past them, by rank, those not retrieved last.
        public var missed: [Entry]
    }

    /// What the evaluation was of.
    public var title: String
    /// The figures.
    public var report: EvaluationReport
    /// The queries, worst first.
    public let items: [Item]
    /// Ranks shown of every query.
    public let depth: Int
    /// Pictures by path; an image without one is shown by name alone.
    public let thumbnails: [String: SheetImage]

    /// Makes a sheet of an evaluation.
    ///
    /// `thumbnail` is asked once for every image that is shown, and may have none. O(queries x ranking length).
    public init(
        _ result: RetrievalEvaluation.Result, title: String, depth: Int = 10,
        thumbnail: (_ path: String) throws -> SheetImage?
    ) rethrows {
        precondition(depth >= 1, "a sheet of \(depth) ranks")
        self.title = title
        self.depth = depth
        report = result.report
        items = result.outcomes.map { Item($0, depth: depth) }.sorted {
            ($0.averagePrecision ?? 2, $0.path) < ($1.averagePrecision ?? 2, $1.path)
        }
        var thumbnails: [String: SheetImage] = [:]
        let paths = Set(items.flatMap { item in [item.path] + (item.shown + item.missed).map(\.path) })
        for path in paths.sorted() { thumbnails[path] = try thumbnail(path) }
        self.thumbnails = thumbnails
    }
}

extension EvaluationSheet.Item {
    /// Judges an outcome's ranking as its relevance list did: junk gone, a repeated image right only once.
    init(_ outcome: RetrievalEvaluation.Outcome, depth: Int) {
        path = outcome.query.path
        kind = outcome.query.kind
        averagePrecision = outcome.relevance.hasPositives ? outcome.relevance.averagePrecision : nil
        positiveCount = outcome.relevance.positiveCount
        let ranking = outcome.answer.paths.filter { !outcome.query.junk.contains($0) }
        let entries = zip(ranking, outcome.relevance.relevance).enumerated().map { index, judged in
            EvaluationSheet.Entry(path: judged.0, rank: index + 1, verdict: judged.1 ? .right : .wrong)
        }
        shown = Array(entries.prefix(depth))
        let late = entries.dropFirst(depth).filter { $0.verdict == .right }
        let never = outcome.query.positives.subtracting(outcome.query.junk).subtracting(ranking).sorted()
        missed =
            late.map { EvaluationSheet.Entry(path: $0.path, rank: $0.rank, verdict: .missed) }
            + never.map { EvaluationSheet.Entry(path: $0, rank: nil, verdict: .missed) }
    }
}
