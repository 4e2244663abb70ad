import CairnAlgebra

/// The nearest other rows of every row, best first, and how far the farthest is.
struct NeighborLists: Sendable {
    /// The length of each list.
    let k: Int
    /// `[rows, k]`; -1 where there are fewer rows.
    private(set) var rows: [Int32]
    /// Their similarities, `[rows, k]`; `-infinity` where there is none.
    private(set) var scores: [Float]
    /// The smallest similarity that each row has to any.
    private(set) var smallest: [Float]

    /// How many rows have lists.
    var count: Int { smallest.count }

    /// How similar a row must be to enter a row's list.
    func threshold(_ row: Int) -> Float { scores[row * k + k - 1] }

    /// The lists of a gallery's rows among themselves.
    init(_ gallery: RerankingGallery, k: Int, environment: RerankingEnvironment) throws {
        self.k = k
        let count = gallery.count
        rows = [Int32](repeating: -1, count: count * k)
        scores = [Float](repeating: -.infinity, count: count * k)
        smallest = [Float](repeating: 1, count: count)
        guard count >= 2 else { return }
        let neighbors = try gallery.neighbors(k, environment: environment)
        for row in 0..<count {
            let from = row * neighbors.k
            for place in 0..<min(k, neighbors.k) {
                rows[row * k + place] = neighbors.indices[from + place]
                scores[row * k + place] = neighbors.scores[from + place]
            }
        }
        smallest = try NearestRows.smallestScores(
            queries: gallery.descriptors, in: gallery.descriptors, threads: environment.threads)
    }

    /// Adds rows at the end, the queries, with empty lists.
    mutating func append(_ count: Int, smallest values: [Float]) {
        precondition(values.count == count, "\(values.count) numbers for \(count) rows")
        rows += repeatElement(-1, count: count * k)
        scores += repeatElement(-.infinity, count: count * k)
        smallest += values
    }

    /// Notes the similarity of a row to another.
    mutating func lower(_ row: Int, to score: Float) {
        smallest[row] = min(smallest[row], score)
    }

    /// Puts a row into another's list, and the last one out. Queries, `firstQuery` and above, go before gallery rows that are
    /// as similar, and behind such queries of lower number.
    mutating func insert(_ neighbor: Int32, score: Float, into row: Int, firstQuery: Int) {
        let range = row * k..<(row + 1) * k
        rows.withUnsafeMutableBufferPointer { rows in
            scores.withUnsafeMutableBufferPointer { scores in
                _ = Self.insert(
                    neighbor, score: score, firstQuery: firstQuery,
                    rows: UnsafeMutableBufferPointer(rebasing: rows[range]),
                    scores: UnsafeMutableBufferPointer(rebasing: scores[range]))
            }
        }
    }

    /// As above, in a single list; returns the place that the row got, or `nil` when it is not similar enough.
    static func insert(
        _ neighbor: Int32, score: Float, firstQuery: Int, rows: UnsafeMutableBufferPointer<Int32>,
        scores: UnsafeMutableBufferPointer<Float>
    ) -> Int? {
        func precedes(_ place: Int) -> Bool {
            guard scores[place] == score else { return scores[place] > score }
            let (one, other) = (rows[place], neighbor)
            let (isQuery, isOtherQuery) = (one >= firstQuery, other >= firstQuery)
            return isQuery == isOtherQuery ? one < other : isQuery
        }
        guard let last = rows.indices.last, !precedes(last) else { return nil }
        var place = last
        while place > 0, !precedes(place - 1) {
            rows[place] = rows[place - 1]
            scores[place] = scores[place - 1]
            place -= 1
        }
        rows[place] = neighbor
        scores[place] = score
        return place
    }
}
