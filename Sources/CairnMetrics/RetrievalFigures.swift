/// The figures that a set of queries is reported with: means over the queries that have positives, each in 0...1.
///
/// Encoded under the metrics' usual names: `mAP`, `mAP@10`, `mAP@100`, `P@1`, `recall@10`, `queries`, and, only where there
/// are any, `queries_without_positives`.
public struct RetrievalFigures: Hashable, Sendable, Codable {
    /// mAP, step form over the whole ranking.
    public var meanAveragePrecision: Double
    /// mAP@10, divided by `min(positives, 10)`.
    public var meanAveragePrecisionAt10: Double
    /// mAP@100, divided by `min(positives, 100)`.
    public var meanAveragePrecisionAt100: Double
    /// P@1, which is also Acc@1 and the CMC at rank 1.
    public var precisionAt1: Double
    /// recall@10.
    public var recallAt10: Double
    /// Queries behind the means.
    public var queries: Int
    /// Queries left out because nothing could have been found for them; `nil` when there were none.
    public var queriesWithoutPositives: Int?

    /// Scores queries. All means are 0 when none of them has positives.
    public init(_ lists: [RelevanceList]) {
        meanAveragePrecision = lists.meanAveragePrecision
        meanAveragePrecisionAt10 = lists.meanAveragePrecision(at: 10)
        meanAveragePrecisionAt100 = lists.meanAveragePrecision(at: 100)
        precisionAt1 = lists.meanPrecision(at: 1)
        recallAt10 = lists.meanRecall(at: 10)
        queries = lists.count(where: \.hasPositives)
        queriesWithoutPositives = queries == lists.count ? nil : lists.count - queries
    }

    private enum CodingKeys: String, CodingKey {
        case meanAveragePrecision = "mAP"
        case meanAveragePrecisionAt10 = "mAP@10"
        case meanAveragePrecisionAt100 = "mAP@100"
        case precisionAt1 = "P@1"
        case recallAt10 = "recall@10"
        case queries
        case queriesWithoutPositives = "queries_without_positives"
    }
}
