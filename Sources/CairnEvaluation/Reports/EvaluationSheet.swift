import CairnCore
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
        /// Neither: taken out of the ranking before ranks are counted.
        case junk
        /// A right answer past the ranks shown, or not retrieved at all.
        case missed
    }

    /// An image of a ranking.
    public struct Entry: Hashable, Sendable {
        /// Its path.
        public var path: String
        /// Its rank from 1, junk not counted; `nil` for junk and for what was not retrieved.
        public var rank: Int?
        /// Right, wrong, junk or missed.
        public var verdict: Verdict
    }

    /// The part of a photo that was searched with, in shares of its width and height from the upper left corner.
    public struct Region: Hashable, Sendable {
        /// The left edge, in 0...1.
        public var x: Double
        /// The upper edge, in 0...1.
        public var y: Double
        /// The width, in 0...1.
        public var width: Double
        /// The height, in 0...1.
        public var height: Double

        /// Makes a region.
        public init(x: Double, y: Double, width: Double, height: Double) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }

        /// The part of a region in pixels that is inside a photo of this size; `nil` when nothing is.
        public init?(_ region: PixelRegion, of size: ImageSize) {
            func share(_ low: Double, _ high: Double, _ length: Int) -> (start: Double, extent: Double)? {
                guard length > 0, low.isFinite, high.isFinite else { return nil }
                let (start, end) = (max(0, low / Double(length)), min(1, high / Double(length)))
                return start < end ? (start, end - start) : nil
            }
            guard let columns = share(region.x0, region.x1, size.width),
                let rows = share(region.y0, region.y1, size.height)
            else { return nil }
            self.init(x: columns.start, y: rows.start, width: columns.extent, height: rows.extent)
        }
    }

    /// Which queries get a section with pictures. The figures are of all queries in any case.
    public enum Limit: Hashable, Sendable {
        /// Every query.
        case all
        /// The queries of the lowest average precision; those that cannot be scored come after all others.
        case worst(Int)
        /// Queries drawn at random, the same ones for the same seed.
        case sample(Int, seed: UInt64 = 1)
    }

    /// A query with its first results, and the right answers that are not among them.
    public struct Item: Sendable {
        /// The query's path.
        public var path: String
        /// The part of it that was searched with; `nil` for all of it.
        public var region: Region?
        /// Its kind, where it has one.
        public var kind: String?
        /// Its part of the protocol's headline, average precision as a rule; `nil` when nothing could have been found.
        public var averagePrecision: Double?
        /// How many right answers there are.
        public var positiveCount: Int
        /// The first results in order, junk among them in its place; the query itself is left out.
        public var shown: [Entry]
        /// Right answers past them, by rank, those not retrieved last.
        public var missed: [Entry]
    }

    /// What the evaluation was of.
    public var title: String
    /// By what conventions its figures are made.
    public let scoring: RetrievalProtocol
    /// The way of judging, where a protocol has several.
    public let setting: String?
    /// The protocol's figures.
    public let figures: [MetricFigure]
    /// The same over the queries of each kind, and how many these are.
    public let byKind: [String: (figures: [MetricFigure], queries: Int)]
    /// How long queries took.
    public let timings: EvaluationReport.Timings
    /// The queries shown, worst first.
    public let items: [Item]
    /// Which queries these are.
    public let limit: Limit
    /// All queries of the evaluation.
    public let queryCount: Int
    /// Scored queries among all, those whose first answer is right, and those without a mistake.
    public let scored: (count: Int, firstRight: Int, perfect: Int)
    /// Ranks shown of every query.
    public let depth: Int
    /// Pictures by path; an image without one is shown by name alone.
    public let thumbnails: [String: SheetImage]

    /// Makes a sheet of an evaluation.
    ///
    /// `scoring` says what its figures are, `setting` by what way of judging `result` was made. `thumbnail` is asked once for every image that is shown, and may have none. `photoSize` is asked for the size of a query's
    /// upright photo where it has a region; without a size no outline is drawn. O(queries + shown queries x ranking length).
    public init(
        _ result: RetrievalEvaluation.Result, title: String, scoring: RetrievalProtocol = .standard,
        setting: String? = nil, depth: Int = 10, limit: Limit = .all,
        photoSize: (_ path: String) throws -> ImageSize? = { _ in nil },
        thumbnail: (_ path: String) throws -> SheetImage?
    ) rethrows {
        precondition(depth >= 1, "a sheet of \(depth) ranks")
        self.title = title
        self.depth = depth
        self.limit = limit
        self.scoring = scoring
        self.setting = setting
        queryCount = result.outcomes.count
        let lists = result.outcomes.map(\.relevance)
        figures = scoring.figures(lists)
        let kinds = Dictionary(grouping: result.outcomes.filter { $0.query.kind != nil }) { $0.query.kind ?? "" }
        byKind = kinds.mapValues { outcomes in
            (scoring.figures(outcomes.map(\.relevance)), outcomes.count { $0.relevance.hasPositives })
        }
        timings = result.report.timings
        let precisions = lists.map { $0.hasPositives ? scoring.headline(of: $0) : nil }
        scored = (
            lists.count(where: \.hasPositives), lists.count { $0.firstHit == 1 },
            precisions.count { $0 == scoring.largestHeadline }
        )
        let order = Self.chosen(limit, of: precisions).sorted { left, right in
            (precisions[left] ?? 2, result.outcomes[left].query.path)
                < (precisions[right] ?? 2, result.outcomes[right].query.path)
        }
        items = try order.map { index in
            let outcome = result.outcomes[index]
            var item = Item(outcome, value: precisions[index], depth: depth)
            if let region = outcome.query.region, let size = try photoSize(outcome.query.path) {
                item.region = Region(region, of: size)
            }
            return item
        }
        var thumbnails: [String: SheetImage] = [:]
        let paths = Set(items.flatMap { item in [item.path] + (item.shown + item.missed).map(\.path) })
        for path in paths.sorted() { thumbnails[path] = try thumbnail(path) }
        self.thumbnails = thumbnails
    }

    /// The numbers of the queries shown, in no order that matters.
    private static func chosen(_ limit: Limit, of precisions: [Double?]) -> [Int] {
        switch limit {
        case .all: return Array(precisions.indices)
        case .worst(let count):
            precondition(count >= 1, "a sheet of \(count) queries")
            let order = precisions.indices.sorted { (precisions[$0] ?? 2, $0) < (precisions[$1] ?? 2, $1) }
            return Array(order.prefix(count))
        case .sample(let count, let seed):
            precondition(count >= 1, "a sheet of \(count) queries")
            // Sorted by a mixed number each (the finaliser of SplitMix64): a sample of a larger count holds one of a smaller.
            let keys = precisions.indices.map { index in
                var state = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
                state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
                state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
                return state ^ (state >> 31)
            }
            return Array(precisions.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.prefix(count))
        }
    }
}

extension EvaluationSheet.Item {
    /// Judges an outcome's ranking as its relevance list did: junk gone, a repeated image right only once.
    ///
    /// Junk is shown where it stands before the last rank shown, but no more of it than there are ranks: some protocols have
    /// thousands.
    init(_ outcome: RetrievalEvaluation.Outcome, value: Double?, depth: Int) {
        path = outcome.query.path
        kind = outcome.query.kind
        averagePrecision = value
        positiveCount = outcome.relevance.positiveCount
        var rank = 0
        var junk = 0
        var hits = outcome.relevance.hitRanks[...]
        var shown: [EvaluationSheet.Entry] = []
        var missed: [EvaluationSheet.Entry] = []
        var retrieved = Set<String>()
        for path in outcome.answer.paths {
            if outcome.query.junk.contains(path) {
                guard path != outcome.query.path, rank < depth, junk < depth else { continue }
                junk += 1
                shown.append(EvaluationSheet.Entry(path: path, rank: nil, verdict: .junk))
                continue
            }
            rank += 1
            let isRight = hits.first == rank
            if isRight {
                hits.removeFirst()
                retrieved.insert(path)
            }
            if rank <= depth {
                shown.append(EvaluationSheet.Entry(path: path, rank: rank, verdict: isRight ? .right : .wrong))
            } else if isRight {
                missed.append(EvaluationSheet.Entry(path: path, rank: rank, verdict: .missed))
            }
        }
        let never = outcome.query.positives.subtracting(outcome.query.junk).subtracting(retrieved).sorted()
        self.shown = shown
        self.missed = missed + never.map { EvaluationSheet.Entry(path: $0, rank: nil, verdict: .missed) }
    }
}

extension RetrievalProtocol {
    /// What a perfect query adds to the headline.
    var largestHeadline: Double { self == .ukbench ? 4 : 1 }

    /// What one query's part of the headline is called: AP, where the headline is its mean.
    var queryFigure: String { headline.hasPrefix("mAP") ? String(headline.dropFirst()) : headline }
}
