/// One of a protocol's metrics: its name in tables, and what one query contributes to it. The figure is the mean over
/// queries.
///
/// Per query, so that bootstrap intervals and paired comparisons can be made of any of them.
public struct RetrievalMetric: Sendable {
    /// The name that papers print: `mP@10`.
    public let name: String

    private let contribution: @Sendable (RelevanceList) -> Double

    /// Makes a metric.
    public init(_ name: String, _ contribution: @escaping @Sendable (RelevanceList) -> Double) {
        self.name = name
        self.contribution = contribution
    }

    /// A query's own part. A query without positives has none that means anything: leave it out.
    public func value(of list: RelevanceList) -> Double { contribution(list) }

    /// The mean over the queries that have positives; 0 over none.
    public func mean(_ lists: some Sequence<RelevanceList>) -> Double { lists.mean(contribution) }
}
