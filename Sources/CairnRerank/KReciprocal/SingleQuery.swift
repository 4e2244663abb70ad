import CairnAlgebra

/// Ranks for one query as if it and the gallery were all there is, by changing what the gallery's encodings lack of it.
///
/// A query enters the lists of the rows near it and pushes their last neighbours out; only rows whose reciprocal neighbours, or
/// those of such neighbours, change by that are encoded anew. One thread's.
final class SingleQuery {
    private let encodings: GalleryEncodings
    private let encoder: ReciprocalEncoder
    private let jaccard: JaccardRanking
    private let mean: EncodingMean
    private let lists: NeighborLists
    /// The row number of the query.
    private let own: Int32

    /// Vectors that differ from the gallery's, and where they are.
    private var changed = SparseRows()
    private var places: [Int32: Int] = [:]
    /// The rows whose vectors may have other columns.
    private var dirty: Set<Int32> = []

    init(_ encodings: GalleryEncodings, lists: NeighborLists, gallery: DescriptorMatrix, queries: DescriptorMatrix) {
        self.encodings = encodings
        let rows = gallery.count + 1
        var lists = lists
        lists.append(1, smallest: [1])
        self.lists = lists
        own = Int32(truncatingIfNeeded: gallery.count)
        encoder = ReciprocalEncoder(lists, rows: rows, gallery: gallery, queries: queries)
        jaccard = JaccardRanking(rows: rows)
        mean = EncodingMean(columns: rows)
    }

    /// Ranks for a query, given what it changes in the lists.
    func ranking(
        _ query: Int, near: [QueryEntries.Pair], far: [QueryEntries.Pair], nearest: NearestRows, smallest: Float,
        lambda: Double, limit: Int
    ) -> Ranking {
        encoder.firstQuery = query
        enter(near: near, far: far, nearest: nearest, query: query, smallest: smallest)
        defer {
            encoder.restore()
            changed.removeAll()
            places.removeAll(keepingCapacity: true)
            dirty.removeAll(keepingCapacity: true)
        }
        addMean(of: own)
        var vector = SparseRows()
        mean.take(into: &vector)
        jaccard.begin(vector, row: 0)
        for entry in vector.columns where entry != own {
            for row in encodings.rowsByColumn[Int(entry)] { jaccard.consider(row) }
        }
        for row in dirty where row != own {
            jaccard.consider(row)
            for other in encodings.rowsByNeighbor[Int(row)] { jaccard.consider(other) }
        }
        return jaccard.ranking(
            overlaps: overlap, similarity: { self.encoder.product(self.own, $0) }, nearest: nearest, query: query,
            smallest: smallest, lambda: lambda, limit: limit)
    }

    /// Replaces the lists that the query enters, and notes which rows are to be encoded anew.
    private func enter(
        near: [QueryEntries.Pair], far: [QueryEntries.Pair], nearest: NearestRows, query: Int, smallest: Float
    ) {
        let k = lists.k
        // Pairs that are no longer among each other's first half; their neighbours judge them otherwise.
        var judgedAnew: Set<Int32> = []
        for (row, score) in near {
            let range = Int(row) * k..<(Int(row) + 1) * k
            var rows = Array(lists.rows[range])
            var scores = Array(lists.scores[range])
            let last = rows[k - 1]
            let lastOfHalf = encoder.halfLength > 0 ? rows[encoder.halfLength - 1] : -1
            let place = rows.withUnsafeMutableBufferPointer { rows in
                scores.withUnsafeMutableBufferPointer { scores in
                    NeighborLists.insert(own, score: score, firstQuery: Int(own), rows: rows, scores: scores)
                }
            }
            guard let place else { continue }
            dirty.insert(row)
            if last >= 0, lists.rows[Int(last) * k..<(Int(last) + 1) * k].contains(row) { dirty.insert(last) }
            if place < encoder.halfLength {
                judgedAnew.insert(row)
                if lastOfHalf >= 0 { judgedAnew.insert(lastOfHalf) }
            }
            encoder.replace(row, rows: rows, scores: scores)
        }
        let (rows, scores) = nearest.neighbors(of: query)
        let missing = k - min(k, rows.count)
        encoder.replace(
            own, rows: rows.prefix(k) + repeatElement(-1, count: missing),
            scores: scores.prefix(k) + repeatElement(-.infinity, count: missing))
        encoder.lower(own, to: smallest)
        for (row, score) in far { encoder.lower(row, to: score) }
        dirty.insert(own)
        for row in judgedAnew {
            // Those that had the row as a reciprocal neighbour: the lists as they were.
            for other in lists.rows[Int(row) * k..<(Int(row) + 1) * k] {
                guard other >= 0 else { break }
                if lists.rows[Int(other) * k..<(Int(other) + 1) * k].contains(row) { dirty.insert(other) }
            }
            dirty.insert(row)
        }
    }

    private func overlap(_ row: Int32) -> Double {
        guard isChanged(row) else { return jaccard.overlap(encodings.means, row: Int(row)) }
        addMean(of: row)
        defer { mean.clear() }
        return jaccard.overlap(mean)
    }

    /// Whether a row's mean is other than without the query.
    private func isChanged(_ row: Int32) -> Bool {
        if isStale(row) { return true }
        return encoder.withList(row) { list, _ in
            for place in 0..<encodings.k2 - 1 where list[place] >= 0 && isStale(list[place]) { return true }
            return false
        }
    }

    private func isStale(_ row: Int32) -> Bool {
        dirty.contains(row) || encoder.lowered[row] != nil
    }

    /// Adds the vectors of a row and its nearest.
    private func addMean(of row: Int32) {
        addVector(of: row)
        let neighbors = encoder.withList(row) { list, _ in (0..<encodings.k2 - 1).map { list[$0] } }
        for neighbor in neighbors where neighbor >= 0 { addVector(of: neighbor) }
    }

    private func addVector(of row: Int32) {
        guard isStale(row) else { return mean.add(encodings.vectors, row: Int(row)) }
        if let place = places[row] { return mean.add(changed, row: place) }
        let place = changed.count
        encoder.encode(row, into: &changed)
        places[row] = place
        mean.add(changed, row: place)
    }
}
