/// One query's ranking, reduced to what every metric needs: which ranks hold a positive, and how many positives exist.
///
/// Ranks are counted from 1. A positive that the ranking does not hold counts as not retrieved, so an empty ranking is
/// legal and scores 0. What is past the end of the ranking counts as wrong.
public struct RelevanceList: Hashable, Sendable {
    /// For each rank, first to last, whether it holds a positive. Junk is already gone.
    public let relevance: [Bool]

    /// All positives of the query, retrieved or not.
    public let positiveCount: Int

    /// Wraps flags that are already in rank order. Traps when more of them are set than there are positives.
    public init(relevance: [Bool], positiveCount: Int) {
        let hits = relevance.count(where: { $0 })
        precondition(hits <= positiveCount, "\(hits) hits among \(positiveCount) positives")
        self.relevance = relevance
        self.positiveCount = positiveCount
    }

    /// Judges a ranking of IDs, best first.
    ///
    /// Junk is taken out of the ranking before ranks are counted, and wins where an ID is junk and positive at once:
    /// the query itself is junk of its own ranking. This is what Market-1501 does with the query's own camera and
    /// Oxford5k with its "junk" views. An ID that comes twice keeps its first rank; its later ranks stay occupied and
    /// count as wrong, as in the scorer of Google Landmarks v2. O(n) with hashing.
    public init<ID: Hashable>(ranking: some Sequence<ID>, positives: Set<ID>, junk: Set<ID> = []) {
        var seen = Set<ID>()
        var flags: [Bool] = []
        for id in ranking where !junk.contains(id) {
            let isFirst = seen.insert(id).inserted
            flags.append(isFirst && positives.contains(id))
        }
        // Counted without a copy: a class's set is shared by all its queries.
        let junkPositives = junk.count(where: { positives.contains($0) })
        self.init(relevance: flags, positiveCount: positives.count - junkPositives)
    }

    /// Whether the query can be scored at all. Metrics over queries leave out those that cannot, and count them.
    public var hasPositives: Bool { positiveCount > 0 }

    /// The rank of the first positive, counted from 1; `nil` when none was retrieved.
    public var firstHit: Int? { relevance.firstIndex(of: true).map { $0 + 1 } }

    /// How many positives the first `rank` ranks hold. Traps on a negative rank.
    public func hits(at rank: Int) -> Int {
        precondition(rank >= 0, "hits at rank \(rank)")
        return relevance.prefix(rank).count(where: { $0 })
    }
}
