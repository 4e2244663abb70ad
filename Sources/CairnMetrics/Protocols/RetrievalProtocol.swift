/// Conventions by which retrieval is scored. They differ in what average precision is and in what is reported, so that a
/// figure says little without them. Each has a file of its own, with formulas and sources.
///
/// In all of them junk is gone before ranks are counted, and a query without positives is left out of every mean.
public enum RetrievalProtocol: String, Hashable, Sendable, Codable, CaseIterable {
    /// One folder a class and plain lists: mAP by steps, mAP@10, mAP@100, P@1, recall@10.
    case standard
    /// Revisited Oxford and Paris: mAP by trapezoids, mP@1, mP@5, mP@10 cut to the last positive.
    case revisited
    /// Oxford5k and Paris6k of 2007: mAP by trapezoids.
    case oxford
    /// Google Landmarks v2 retrieval: mAP@100 over min(positives, 100).
    case googleLandmarks
    /// Huawei DIGIX 2020: Acc@1 and mAP@10.
    case digix
    /// UKBench: the N-S score, right ones among the first four, the query itself one of them.
    case ukbench
    /// INRIA Holidays: mAP by trapezoids, the query taken out.
    case holidays
    /// Market-1501: CMC at 1, 5, 10, 20 and mAP by trapezoids.
    case market

    /// How many ranks the figures look at, junk not counted: a shorter ranking may cost something, a longer one changes
    /// nothing. `nil` where they look at all.
    public var depth: Int? { conventions.depth }

    /// The metric that rankings of methods go by.
    public var headlineMetric: RetrievalMetric { conventions.headline }

    /// The headline metric's name: `mAP@100`.
    public var headline: String { headlineMetric.name }

    /// A query's own contribution to the headline figure, which is the mean over queries with positives.
    public func headline(of list: RelevanceList) -> Double { headlineMetric.value(of: list) }

    /// All metrics, in the order in which papers print them.
    public var metrics: [RetrievalMetric] { conventions.metrics }

    /// All figures of a set of queries, in the order in which papers print them; 0 when no query has positives.
    public func figures(_ lists: some Collection<RelevanceList>) -> [MetricFigure] {
        metrics.map { MetricFigure(name: $0.name, value: $0.mean(lists)) }
    }

    private var conventions: Conventions {
        switch self {
        case .standard: Self.standardConventions
        case .revisited: Self.revisitedConventions
        case .oxford: Self.oxfordConventions
        case .googleLandmarks: Self.googleLandmarksConventions
        case .digix: Self.digixConventions
        case .ukbench: Self.ukbenchConventions
        case .holidays: Self.holidaysConventions
        case .market: Self.marketConventions
        }
    }

    /// What a protocol fixes.
    struct Conventions: Sendable {
        /// Ranks looked at; `nil` for all.
        var depth: Int?
        /// The main metric.
        var headline: RetrievalMetric
        /// All of them, the main one too.
        var metrics: [RetrievalMetric]
    }
}
