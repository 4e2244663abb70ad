import CairnAlgebra

/// The vectors of rows, their means over nearest rows, and the indexes that find rows by them.
struct GalleryEncodings: Sendable {
    /// Each row's weights at its reciprocal neighbours.
    let vectors: SparseRows
    /// Means of vectors over each row's nearest `k2`.
    let means: SparseRows
    /// For each column the rows whose mean is not 0 there.
    let rowsByColumn: InvertedRows
    /// For each row those whose mean it is part of, without itself.
    let rowsByNeighbor: InvertedRows
    /// Rows in a mean, the row itself among them.
    let k2: Int

    /// Encodes every row of the lists; queries may be among them, behind the gallery.
    init(_ lists: NeighborLists, k2: Int, gallery: DescriptorMatrix, queries: DescriptorMatrix? = nil, threads: Int) {
        self.k2 = k2
        let count = lists.count
        let vectors = SparseRows(count: count, threads: threads) {
            ReciprocalEncoder(lists, rows: count, gallery: gallery, queries: queries)
        } _: { encoder, row, result in
            encoder.encode(Int32(truncatingIfNeeded: row), into: &result)
        }
        let means =
            k2 == 1
            ? vectors
            : SparseRows(count: count, threads: threads) {
                EncodingMean(columns: count)
            } _: { mean, row, result in
                mean.add(vectors, row: row)
                for place in 0..<k2 - 1 where lists.rows[row * lists.k + place] >= 0 {
                    mean.add(vectors, row: Int(lists.rows[row * lists.k + place]))
                }
                mean.take(into: &result)
            }
        self.vectors = vectors
        self.means = means
        // Only gallery rows are searched for.
        rowsByColumn = InvertedRows(rowCount: gallery.count, numberCount: count) { row, body in
            for entry in means.offsets[row]..<means.offsets[row + 1] { body(means.columns[entry]) }
        }
        rowsByNeighbor = InvertedRows(rowCount: gallery.count, numberCount: count) { row, body in
            for place in 0..<k2 - 1 { body(lists.rows[row * lists.k + place]) }
        }
    }

    init(_ lists: NeighborLists, k2: Int, gallery: RerankingGallery, threads: Int) {
        self.init(lists, k2: k2, gallery: gallery.descriptors, threads: threads)
    }
}
