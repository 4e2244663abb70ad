/// Gallery rows in the order of their scores: best first, the lower row first among equals, no row twice.
public struct Ranking: Sendable, Equatable {
    /// Row numbers of the gallery.
    public var rows: [Int32]

    /// A score for each row. Those that one method gave are comparable; rows that it only moved, or left where they were, keep
    /// the score that they had.
    public var scores: [Float]

    /// Takes rows that are in order already. Traps unless there is a score for each.
    public init(rows: [Int32] = [], scores: [Float] = []) {
        precondition(rows.count == scores.count, "\(rows.count) rows with \(scores.count) scores")
        self.rows = rows
        self.scores = scores
    }

    /// Puts rows into order. `count * log(count)`.
    public init(sorting rows: some Sequence<(row: Int32, score: Float)>) {
        let sorted = rows.sorted { $0.score != $1.score ? $0.score > $1.score : $0.row < $1.row }
        self.init(rows: sorted.map(\.row), scores: sorted.map(\.score))
    }

    /// How many rows are ranked.
    public var count: Int { rows.count }

    /// The best rows.
    public func prefix(_ count: Int) -> Ranking {
        guard count < self.count else { return self }
        return Ranking(rows: Array(rows.prefix(count)), scores: Array(scores.prefix(count)))
    }

    /// This ranking, and behind it what it lacks of another, in that one's order.
    public func followed(by other: Ranking, limit: Int = .max) -> Ranking {
        var result = prefix(limit)
        guard result.count < limit, !other.rows.isEmpty else { return result }
        let known = Set(result.rows)
        for (row, score) in zip(other.rows, other.scores) where !known.contains(row) {
            result.rows.append(row)
            result.scores.append(score)
            if result.count == limit { break }
        }
        return result
    }
}
