/// Keeps the best of many scored rows: highest score first, the lower row first among equals.
///
/// Offering costs a comparison for nearly every row; memory is twice the limit.
struct TopRows {
    private let limit: Int
    private var entries: [(row: Int32, score: Float)] = []
    private var threshold = -Float.infinity

    /// Keeps at most `limit` rows.
    init(limit: Int) {
        precondition(limit >= 0, "a limit of \(limit) rows")
        self.limit = limit
    }

    /// Takes a row into account. No row may be offered twice.
    @inline(__always)
    mutating func offer(_ row: Int32, _ score: Float) {
        guard score >= threshold else { return }
        entries.append((row, score))
        if entries.count >= 2 * limit + 64 { cut() }
    }

    /// The best rows; begins anew.
    mutating func take() -> Ranking {
        cut()
        let ranking = Ranking(rows: entries.map(\.row), scores: entries.map(\.score))
        entries.removeAll(keepingCapacity: true)
        threshold = -.infinity
        return ranking
    }

    private mutating func cut() {
        entries.sort { $0.score != $1.score ? $0.score > $1.score : $0.row < $1.row }
        guard entries.count > limit else { return }
        entries.removeLast(entries.count - limit)
        threshold = entries.last?.score ?? .infinity
    }
}
