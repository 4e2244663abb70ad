extension NearestRows {
    /// Searches. A row that is in both matrices finds itself too: ask for one more than is wanted, and drop it; for the
    /// neighbours of every row among the others there is `search(among:k:includingSelf:)`.
    ///
    /// From 256 queries of 64 dimensions on, rows are compared by 8-bit codes, whose products bound those of the rows
    /// (see `CodedQueries`); what the bounds leave open is multiplied. That needs a byte and an eighth for each number of the gallery and
    /// up to 20 MB a thread. Otherwise, and for queries near which rows crowd too close together for codes to tell them
    /// apart, blocks of 512 queries and 4,096 rows are multiplied by SGEMM, which needs 8 MB. Results do not depend on the
    /// way.
    ///
    /// - Complexity: `2 * queries * gallery * dimensions` operations on bytes or float32 numbers.
    /// - Parameters:
    ///   - queries: `[queries, dimensions]`; need not have length 1.
    ///   - gallery: `[rows, dimensions]`; need not have length 1 either.
    ///   - k: Neighbours wanted, at least 1.
    ///   - threads: How many threads search; nil takes `OpenBLAS.threadCount`.
    ///   - monitor: Hears of progress in queries, and may end the search.
    /// - Throws: `AlgebraError` for row lengths that differ, `k` below 1, an empty gallery, numbers that are not finite, or a
    ///   search that was cancelled (kind `failure`, caused by a `CancellationError`).
    public static func search(
        queries: DescriptorMatrix, in gallery: DescriptorMatrix, k: Int, threads: Int? = nil,
        monitor: SearchMonitor = .none
    ) throws(AlgebraError) -> NearestRows {
        try search(queries: queries, in: gallery, k: k, threads: threads, monitor: monitor, method: .automatic)
    }

    /// The neighbours of every row of a matrix among its rows.
    ///
    /// As `search(queries:in:k:)`, and as much memory: at 1,000,000 rows of 512 dimensions 0.5 GB for codes, and 8 bytes for
    /// each neighbour found.
    ///
    /// - Parameter includingSelf: Whether a row counts among its own neighbours. It need not be the first of them: a row of
    ///   equal or larger product may come before it. Without itself a row has at most `count - 1` neighbours.
    /// - Throws: as `search(queries:in:k:)`.
    public static func search(
        among rows: DescriptorMatrix, k: Int, includingSelf: Bool, threads: Int? = nil, monitor: SearchMonitor = .none
    ) throws(AlgebraError) -> NearestRows {
        try search(
            queries: rows, in: rows, k: k, excludesSelf: !includingSelf, threads: threads, monitor: monitor,
            method: .automatic)
    }

    /// For each query the *smallest* inner product with any gallery row: of unit vectors, the one at the largest distance.
    ///
    /// Searches for the opposite of each query with `k` = 1.
    ///
    /// - Returns: A score for each query, rounded to float32 from double precision.
    /// - Throws: as `search(queries:in:k:)`.
    public static func smallestScores(
        queries: DescriptorMatrix, in gallery: DescriptorMatrix, threads: Int? = nil, monitor: SearchMonitor = .none
    ) throws(AlgebraError) -> [Float] {
        try search(
            queries: queries, in: gallery, k: 1, isNegated: true, threads: threads, monitor: monitor, method: .automatic
        ).scores
    }

    /// The same, by a given method.
    static func search(
        queries: DescriptorMatrix, in gallery: DescriptorMatrix, k: Int, excludesSelf: Bool = false,
        isNegated: Bool = false, threads: Int? = nil, monitor: SearchMonitor = .none,
        method: NearestRowsSearch.Method
    ) throws(AlgebraError) -> NearestRows {
        guard queries.dimensions == gallery.dimensions else {
            throw AlgebraError.dimensions("the gallery", expected: queries.dimensions, found: gallery.dimensions)
        }
        guard k >= 1, (1...Int(Int32.max)).contains(gallery.count) else {
            throw AlgebraError(
                .invalidArgument, "cannot find \(k) neighbours among \(gallery.count) descriptors")
        }
        try queries.requireFinite("the queries")
        try gallery.requireFinite("the gallery")
        let k = min(k, excludesSelf ? gallery.count - 1 : gallery.count)
        let threads = threads ?? OpenBLAS.threadCount
        let progress = SearchProgress(monitor, total: queries.count)
        let found = gallery.values.withUnsafeBufferPointer { galleryValues in
            queries.values.withUnsafeBufferPointer { queryValues in
                NearestRows(
                    of: QueryRows(values: queryValues, dimensions: queries.dimensions, isNegated: isNegated),
                    in: NearestRowsGallery(
                        galleryValues, dimensions: gallery.dimensions, k: k, queryCount: queries.count,
                        threads: threads, method: method),
                    k: k, excludesSelf: excludesSelf, threads: threads, progress: progress)
            }
        }
        try progress.throwIfCancelled()
        return found
    }

    /// Searches a gallery that is ready for it; `k` is at most what it has. Without an answer where it was cancelled.
    init(
        of queries: QueryRows, in gallery: NearestRowsGallery, k: Int, excludesSelf: Bool, threads: Int,
        progress: SearchProgress
    ) {
        var indices = [Int32](repeating: 0, count: queries.count * k)
        var scores = [Float](repeating: 0, count: queries.count * k)
        if k > 0 {
            indices.withUnsafeMutableBufferPointer { indices in
                scores.withUnsafeMutableBufferPointer { scores in
                    NearestRowsSearch(
                        queries: queries, gallery: gallery, k: k, excludesSelf: excludesSelf, threads: threads,
                        indices: indices, scores: scores
                    ).run(progress: progress)
                }
            }
        }
        self.init(k: k, queryCount: queries.count, indices: indices, scores: scores)
    }
}
