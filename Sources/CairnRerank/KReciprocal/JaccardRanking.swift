import CairnAlgebra

/// Ranks rows by how their vectors overlap the query's, and by similarity. One thread's: it holds a number for each row.
final class JaccardRanking {
    private var weights: [Float]
    private var columns: [Int32] = []
    private var marks: [Int32]
    private var mark: Int32 = 0
    private(set) var candidates: [Int32] = []

    init(rows: Int) {
        weights = Array(repeating: 0, count: rows)
        marks = Array(repeating: 0, count: rows)
    }

    /// Begins a query with its vector.
    func begin(_ rows: borrowing SparseRows, row: Int) {
        for column in columns { weights[Int(column)] = 0 }
        columns.removeAll(keepingCapacity: true)
        candidates.removeAll(keepingCapacity: true)
        mark += 1
        for entry in rows.offsets[row]..<rows.offsets[row + 1] {
            columns.append(rows.columns[entry])
            weights[Int(rows.columns[entry])] = rows.values[entry]
        }
    }

    /// Adds a row that may overlap; once is enough.
    func consider(_ row: Int32) {
        guard marks[Int(row)] != mark else { return }
        marks[Int(row)] = mark
        candidates.append(row)
    }

    /// Adds the rows that share a column with the query.
    func considerRows(in index: InvertedRows) {
        for column in columns { for row in index[Int(column)] { consider(row) } }
    }

    /// The sum over columns of the smaller of the query's number and the row's.
    func overlap(_ rows: borrowing SparseRows, row: Int) -> Double {
        var sum = 0.0
        for entry in rows.offsets[row]..<rows.offsets[row + 1] {
            sum += Double(min(weights[Int(rows.columns[entry])], rows.values[entry]))
        }
        return sum
    }

    /// The same for a mean that is not stored.
    func overlap(_ mean: EncodingMean) -> Double {
        mean.columns.reduce(0) { $0 + Double(min(weights[Int($1)], mean.mean($1))) }
    }

    /// Ranks the candidates with their overlaps, and the query's nearest rows, which overlap nothing unless they are candidates.
    ///
    /// A row that overlaps nothing stands behind all that are more similar, so that the best `limit` by similarity are enough.
    func ranking(
        overlaps: (_ row: Int32) -> Double, similarity: (_ row: Int32) -> Float, nearest: NearestRows, query: Int,
        smallest: Float, lambda: Double, limit: Int
    ) -> Ranking {
        let farthest = 2 - 2 * Double(smallest)
        func score(_ overlap: Double, _ similarity: Float) -> Float {
            let jaccard = 1 - overlap / (2 - overlap)
            let distance = farthest > 0 ? (2 - 2 * Double(similarity)) / farthest : 0
            return Float(1 - ((1 - lambda) * jaccard + lambda * distance))
        }
        var top = TopRows(limit: limit)
        for row in candidates { top.offer(row, score(overlaps(row), similarity(row))) }
        let (rows, scores) = nearest.neighbors(of: query)
        for (row, similarity) in zip(rows, scores) where marks[Int(row)] != mark {
            top.offer(row, score(0, similarity))
        }
        return top.take()
    }
}
