extension NearestRows {
    /// Searches with slices of queries, one after the other, so that neither all queries nor all results are in memory.
    ///
    /// Finds what `search(queries:in:k:)` finds, in the same ways. The gallery is asked for all its rows in one range: a
    /// mapped file is read twice, to check and to code it, and then only where codes leave something open. In memory are
    /// a byte and an eighth for each of its numbers, a slice of queries with its results, and up to 20 MB a thread:
    /// 0.5 GB for 761,757 rows of 512 dimensions.
    ///
    /// - Parameters:
    ///   - queries: `[queries, dimensions]`; need not have length 1.
    ///   - gallery: `[rows, dimensions]`; need not have length 1 either.
    ///   - k: Neighbours wanted, at least 1.
    ///   - sliceSize: Queries in a slice, the last one excepted, at least 1; nil takes 8,192, or as many fewer, down to
    ///     512, as keep a slice's results within 128 MB. Results do not depend on it.
    ///   - threads: How many threads search; nil takes `OpenBLAS.threadCount`.
    ///   - monitor: Hears of progress in queries, and may end the search.
    ///   - body: Gets every slice's results with the number of its first query, in ascending order, on the calling thread.
    /// - Throws: as `search(queries:in:k:)`, then perhaps after some slices were handed over; what `body` throws.
    public static func search(
        queries: some DescriptorRows, in gallery: some DescriptorRows, k: Int, sliceSize: Int? = nil,
        threads: Int? = nil, monitor: SearchMonitor = .none, _ body: (_ firstQuery: Int, NearestRows) throws -> Void
    ) throws {
        try gallery.requireSearchable(by: queries)
        let sliceSize = sliceSize ?? max(512, min(8192, (16 << 20) / max(1, min(k, gallery.count))))
        guard k >= 1, sliceSize >= 1 else {
            throw AlgebraError(
                .invalidArgument, "cannot find \(k) neighbours for \(sliceSize) queries at once; ask for 1 or more")
        }
        try gallery.requireFiniteRows("the gallery")
        let (k, threads) = (min(k, gallery.count), threads ?? OpenBLAS.threadCount)
        let progress = SearchProgress(monitor, total: queries.count)
        var failure: (any Error)?
        try gallery.withRows(0..<gallery.count) { (values) throws(AlgebraError) in
            let ready = NearestRowsGallery(
                values, dimensions: gallery.dimensions, k: k, queryCount: queries.count, threads: threads,
                method: .automatic)
            for start in stride(from: 0, to: queries.count, by: sliceSize) {
                let slice = start..<min(start + sliceSize, queries.count)
                let found = try queries.withRows(slice) { (rows) throws(AlgebraError) in
                    try AlgebraError.requireFinite(
                        rows, firstRow: start, dimensions: gallery.dimensions, "the queries")
                    return NearestRows(
                        of: QueryRows(values: rows, dimensions: gallery.dimensions, isNegated: false), in: ready, k: k,
                        excludesSelf: false, threads: threads, progress: progress)
                }
                try progress.throwIfCancelled()
                do { try body(start, found) } catch {
                    failure = error
                    return
                }
            }
        }
        if let failure { throw failure }
    }
}
