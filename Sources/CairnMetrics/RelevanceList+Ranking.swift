/// Judging rankings. Every form does the same:
///
/// - Junk is taken out of the ranking before ranks are counted, and wins where an image is junk and positive at once: the
///   query itself is junk of its own ranking. So Market-1501 treats the query's own camera, and Oxford5k its "junk" views.
/// - An image that comes twice keeps its first rank; its later ranks stay occupied and count as wrong, as in the scorer of
///   Google Landmarks v2.
extension RelevanceList {
    /// Judges a ranking of IDs, best first. O(n) with hashing.
    public init<ID: Hashable>(ranking: some Sequence<ID>, positives: Set<ID>, junk: Set<ID> = []) {
        var found = Set<ID>()
        var hitRanks: [Int] = []
        var length = 0
        for id in ranking where !junk.contains(id) {
            length += 1
            if positives.contains(id), found.insert(id).inserted { hitRanks.append(length) }
        }
        // Counted without a copy: a class's set is shared by all its queries.
        let junkPositives = junk.count(where: { positives.contains($0) })
        self.init(hitRanks: hitRanks, positiveCount: positives.count - junkPositives, length: length)
    }

    /// Judges a ranking of gallery rows, best first. Rows that a judgment lists twice count once.
    ///
    /// O(n + judged rows), with memory for the judged rows alone. Negative numbers, which searches put where they found
    /// nothing, are like any other row: wrong.
    public init(ranking: some Sequence<Int32>, judgment: QueryJudgment) {
        // Rows in memory are read there: through the protocol each costs ten times as much.
        self =
            ranking.withContiguousStorageIfAvailable { Self(rows: $0, judgment) }
            ?? Self(rows: ranking, judgment)
    }

    private init(rows: some Sequence<Int32>, _ judgment: QueryJudgment) {
        var table = JudgedRows(judgment)
        var hitRanks: [Int] = []
        hitRanks.reserveCapacity(table.positiveCount)
        var length = 0
        for row in rows {
            switch table.take(row) {
            case .junk: continue
            case .positive:
                length += 1
                hitRanks.append(length)
            case .other: length += 1
            }
        }
        self.init(hitRanks: hitRanks, positiveCount: table.positiveCount, length: length)
    }
}

/// A judgment's rows in a small hash table with linear probing: a lookup costs about as much as reading the ranking does.
private struct JudgedRows {
    enum Verdict: UInt8 {
        /// Neither, or a positive that was found before.
        case other
        case positive
        case junk
    }

    private(set) var positiveCount = 0
    private var rows: [Int32]
    /// `nil` where a slot is free.
    private var verdicts: [Verdict?]
    /// Slots are a power of two; the mask keeps a hash's low bits.
    private let mask: Int

    init(_ judgment: QueryJudgment) {
        let needed = judgment.positives.count + judgment.junk.count
        var slots = 8
        // At most half full, so that the way to a free slot is short.
        while slots < 2 * needed { slots *= 2 }
        mask = slots - 1
        rows = [Int32](repeating: 0, count: slots)
        verdicts = [Verdict?](repeating: nil, count: slots)
        for row in judgment.junk { _ = insert(row, .junk) }
        for row in judgment.positives where insert(row, .positive) { positiveCount += 1 }
    }

    /// What a ranked row is; a positive is one only the first time.
    mutating func take(_ row: Int32) -> Verdict {
        let slot = slot(of: row)
        guard let verdict = verdicts[slot] else { return .other }
        if verdict == .positive { verdicts[slot] = .other }
        return verdict
    }

    private mutating func insert(_ row: Int32, _ verdict: Verdict) -> Bool {
        let slot = slot(of: row)
        guard verdicts[slot] == nil else { return false }
        rows[slot] = row
        verdicts[slot] = verdict
        return true
    }

    /// The slot that holds a row, or the free one where it would go.
    private func slot(of row: Int32) -> Int {
        // Fibonacci hashing: neighbouring rows, as those of one class often are, fall far apart.
        let hash = UInt64(UInt32(bitPattern: row)) &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(hash >> 32) & mask
        while verdicts[slot] != nil && rows[slot] != row { slot = (slot + 1) & mask }
        return slot
    }
}
