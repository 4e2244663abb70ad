/// One query's ranking, reduced to what every metric needs: at which ranks positives stand, and how many positives exist.
///
/// Ranks are counted from 1, after junk is gone. A positive that the ranking does not hold counts as not retrieved, so an
/// empty ranking is legal and scores 0. What is past the end of the ranking counts as wrong. Only the hits are stored: a
/// ranking of a million rows takes as much memory as it has right answers, and every metric is O(hits).
public struct RelevanceList: Hashable, Sendable {
    /// The ranks that hold a positive, counted from 1, ascending.
    public let hitRanks: [Int]

    /// All positives of the query, retrieved or not.
    public let positiveCount: Int

    /// How many ranks were judged, those of junk not counted.
    public let length: Int

    /// Wraps ranks that are already known, as from counting how many images score higher than each positive.
    ///
    /// Traps unless the ranks ascend within `1...length`, and when there are more of them than positives. O(hits).
    public init(hitRanks: [Int], positiveCount: Int, length: Int) {
        precondition(hitRanks.count <= positiveCount, "\(hitRanks.count) hits among \(positiveCount) positives")
        var last = 0
        for rank in hitRanks {
            precondition(rank > last && rank <= length, "a hit at rank \(rank) after \(last), of \(length) ranks")
            last = rank
        }
        self.hitRanks = hitRanks
        self.positiveCount = positiveCount
        self.length = length
    }

    /// Wraps flags that are already in rank order. Traps when more of them are set than there are positives.
    public init(relevance: [Bool], positiveCount: Int) {
        let hitRanks = relevance.enumerated().compactMap { $0.element ? $0.offset + 1 : nil }
        self.init(hitRanks: hitRanks, positiveCount: positiveCount, length: relevance.count)
    }

    /// For each rank, first to last, whether it holds a positive. Made on every call, in O(length).
    public var relevance: [Bool] {
        var flags = [Bool](repeating: false, count: length)
        for rank in hitRanks { flags[rank - 1] = true }
        return flags
    }

    /// Whether the query can be scored at all. Metrics over queries leave out those that cannot, and count them.
    public var hasPositives: Bool { positiveCount > 0 }

    /// The rank of the first positive, counted from 1; `nil` when none was retrieved.
    public var firstHit: Int? { hitRanks.first }

    /// How many positives the first `rank` ranks hold. Traps on a negative rank. O(log hits).
    public func hits(at rank: Int) -> Int {
        precondition(rank >= 0, "hits at rank \(rank)")
        var low = 0
        var high = hitRanks.count
        while low < high {
            let middle = (low + high) / 2
            if hitRanks[middle] <= rank { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
