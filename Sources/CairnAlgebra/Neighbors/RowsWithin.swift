/// All rows whose inner product with a query is at least a threshold, exactly.
///
/// Products of the float32 numbers are summed in double precision in one fixed order and compared in double precision, so the
/// answer is the same on any processor and any number of threads. Rows are compared by 8-bit codes first, or by SGEMM where
/// that is faster, as in `NearestRows`.
public enum RowsWithin {
    /// Takes one query's number, its rows, ascending, and their scores, rounded to float32 (none where none are asked for).
    public typealias Body = (_ query: Int, _ rows: UnsafeBufferPointer<Int32>, _ scores: UnsafeBufferPointer<Float>) ->
        Void

    /// Calls `body` for every query, in ascending order, on the calling thread.
    ///
    /// Memory: a byte for each number of the gallery, and for each thread 16 bytes for each of some million rows found, or of
    /// 16 times as many as the gallery has where that is more.
    ///
    /// - Parameters:
    ///   - queries: `[queries, dimensions]`; need not have length 1.
    ///   - gallery: `[rows, dimensions]`.
    ///   - threshold: The least inner product wanted, finite. For a greatest cosine distance see `threshold(forDistance:)`.
    ///   - wantsScores: Without scores, what codes can tell needs no multiplication.
    ///   - threads: How many threads search; nil takes `OpenBLAS.threadCount`.
    ///   - monitor: Hears of progress in queries, and may end the search.
    /// - Throws: `AlgebraError` for row lengths that differ, a threshold or numbers that are not finite, or a search that was
    ///   cancelled (kind `failure`, caused by a `CancellationError`), then after some queries were handed over.
    public static func forEach(
        queries: DescriptorMatrix, in gallery: DescriptorMatrix, threshold: Double, wantsScores: Bool = true,
        threads: Int? = nil, monitor: SearchMonitor = .none, _ body: Body
    ) throws(AlgebraError) {
        try forEach(
            queries: queries, in: gallery, threshold: threshold, wantsScores: wantsScores, excludesSelf: false,
            threads: threads, monitor: monitor, method: .automatic, body)
    }

    /// Calls `body` for every row of a matrix with those of its rows that are near it; as `forEach(queries:in:…)`.
    ///
    /// - Parameter includingSelf: Whether a row may be among its own neighbours.
    public static func forEach(
        among rows: DescriptorMatrix, threshold: Double, includingSelf: Bool, wantsScores: Bool = true,
        threads: Int? = nil, monitor: SearchMonitor = .none, _ body: Body
    ) throws(AlgebraError) {
        try forEach(
            queries: rows, in: rows, threshold: threshold, wantsScores: wantsScores, excludesSelf: !includingSelf,
            threads: threads, monitor: monitor, method: .automatic, body)
    }

    /// All of it at once: beside the memory of `forEach`, 8 bytes for each neighbour (4 without scores) and 8 for each query.
    public static func lists(
        queries: DescriptorMatrix, in gallery: DescriptorMatrix, threshold: Double, wantsScores: Bool = true,
        threads: Int? = nil, monitor: SearchMonitor = .none
    ) throws(AlgebraError) -> NeighborLists {
        var lists = NeighborLists()
        try forEach(
            queries: queries, in: gallery, threshold: threshold, wantsScores: wantsScores, threads: threads,
            monitor: monitor
        ) { lists.append($1, $2) }
        return lists
    }

    /// The neighbours of every row of a matrix among its rows, all at once.
    public static func lists(
        among rows: DescriptorMatrix, threshold: Double, includingSelf: Bool, wantsScores: Bool = true,
        threads: Int? = nil, monitor: SearchMonitor = .none
    ) throws(AlgebraError) -> NeighborLists {
        var lists = NeighborLists()
        try forEach(
            among: rows, threshold: threshold, includingSelf: includingSelf, wantsScores: wantsScores,
            threads: threads, monitor: monitor
        ) { lists.append($1, $2) }
        return lists
    }

    /// The least score s with 1 - s <= `distance`, all in double precision: so that a comparison of scores decides exactly as
    /// one of cosine distances would. (`1 - distance` itself is rounded, and may be one step off.)
    ///
    /// - Precondition: `distance` is finite.
    public static func threshold(forDistance distance: Double) -> Double {
        precondition(distance.isFinite, "a distance of \(distance)")
        let guess = 1 - distance
        let width = max(guess.ulp, Double.ulpOfOne) * 4
        var (below, reached) = (guess - width, guess + width)
        while below.nextUp < reached {
            let middle = below + (reached - below) / 2
            // Halves of an interval that has only its ends left.
            guard middle > below, middle < reached else { break }
            if 1 - middle <= distance { reached = middle } else { below = middle }
        }
        return reached
    }

    /// The same, by a given method.
    static func forEach(
        queries: DescriptorMatrix, in gallery: DescriptorMatrix, threshold: Double, wantsScores: Bool,
        excludesSelf: Bool, threads: Int?, monitor: SearchMonitor, method: NearestRowsSearch.Method,
        mostFound: Int? = nil, _ body: Body
    ) throws(AlgebraError) {
        guard queries.dimensions == gallery.dimensions else {
            throw AlgebraError.dimensions("the gallery", expected: queries.dimensions, found: gallery.dimensions)
        }
        guard threshold.isFinite, gallery.count <= Int(Int32.max) else {
            throw AlgebraError(
                .invalidArgument, "cannot find the rows within \(threshold) among \(gallery.count) descriptors")
        }
        try queries.requireFinite("the queries")
        try gallery.requireFinite("the gallery")
        let progress = SearchProgress(monitor, total: queries.count)
        gallery.values.withUnsafeBufferPointer { galleryValues in
            queries.values.withUnsafeBufferPointer { queryValues in
                RowsWithinSearch(
                    queries: QueryRows(values: queryValues, dimensions: queries.dimensions, isNegated: false),
                    gallery: galleryValues, threshold: threshold, wantsScores: wantsScores, excludesSelf: excludesSelf,
                    threads: max(1, threads ?? OpenBLAS.threadCount),
                    mostFound: max(mostFound ?? 1 << 22, 16 * gallery.count)
                ).run(method, progress: progress, body)
            }
        }
        try progress.throwIfCancelled()
    }
}

extension NeighborLists {
    /// The next row's neighbours.
    fileprivate mutating func append(_ rows: UnsafeBufferPointer<Int32>, _ rowScores: UnsafeBufferPointer<Float>) {
        indices.append(contentsOf: rows)
        scores.append(contentsOf: rowScores)
        offsets.append(indices.count)
    }
}
