/// Where chosen rows stand in the full ranking of a gallery by inner product, exactly, without any ranking being stored.
///
/// Scores are those of `NearestRows`: inner products of the float32 numbers, summed in double precision in one fixed order and
/// rounded to float32; equal scores are in the order of rows. So a row's position here is its place there, plus 1.
///
/// Blocks of queries are multiplied by blocks of the gallery in float32 (SGEMM), and the products on either side of a target's
/// exact score are counted. Products that are nearer to it than they can be off are computed again, exactly.
public enum TargetRanks {
    /// The position of each target in the ranking of its query, counted from 1.
    ///
    /// Memory, beside arguments and results: 8 MB, and a block of 2,048 queries with 24 bytes for each of its targets. The
    /// gallery is read once for every block, and once more before.
    ///
    /// - Complexity: `2 * queries * gallery * dimensions` operations on float32 numbers, for queries that have targets; and a
    ///   comparison or two of each target with every row of those parts of the gallery where some row reaches it, which
    ///   for 10 targets and 512 dimensions takes a fifth of the whole time.
    /// - Parameters:
    ///   - queries: `[queries, dimensions]`; need not have length 1. Those without targets are not read.
    ///   - gallery: `[rows, dimensions]`; need not have length 1 either.
    ///   - targets: For each query gallery rows, in any order, repeats allowed.
    ///   - threads: How many threads count; nil takes `OpenBLAS.threadCount`, which is also what products use.
    ///   - monitor: Hears of progress in queries, and may end the search.
    /// - Returns: For each query a position in `1 ... gallery.count` for each of its targets, in the order of `targets`.
    /// - Throws: `AlgebraError` for row lengths that differ, an empty gallery, targets for more or fewer queries than there
    ///   are, a target that is no row, numbers that are not finite, or a search that was cancelled (kind `failure`, caused by
    ///   a `CancellationError`); what the rows throw.
    public static func find(
        queries: some DescriptorRows, in gallery: some DescriptorRows, targets: [[Int32]], threads: Int? = nil,
        monitor: SearchMonitor = .none
    ) throws(AlgebraError) -> [[Int]] {
        try find(
            queries: queries, in: gallery, targets: targets, threads: threads, monitor: monitor, queryBlock: 2048,
            galleryBlock: 1024)
    }

    /// The same, in blocks of given sizes.
    static func find(
        queries: some DescriptorRows, in gallery: some DescriptorRows, targets: [[Int32]], threads: Int?,
        monitor: SearchMonitor, queryBlock: Int, galleryBlock: Int
    ) throws(AlgebraError) -> [[Int]] {
        try gallery.requireSearchable(by: queries)
        try require(targets, queryCount: queries.count, galleryCount: gallery.count)
        let largestNorms = try largestNorms(of: gallery, block: galleryBlock)
        let progress = SearchProgress(monitor, total: queries.count)
        let asked = targets.indices.filter { !targets[$0].isEmpty }
        progress.add(queries.count - asked.count)
        var ranks = targets.map { [Int](repeating: 0, count: $0.count) }
        var products = [Float](
            repeating: 0, count: min(queryBlock, asked.count) * min(galleryBlock, gallery.count))
        for start in stride(from: 0, to: asked.count, by: queryBlock) {
            let numbers = asked[start..<min(start + queryBlock, asked.count)]
            var block = try TargetRanksBlock(numbers, queries: queries, gallery: gallery, targets: targets)
            for (place, first) in stride(from: 0, to: gallery.count, by: galleryBlock).enumerated() {
                guard !progress.checkCancellation() else { break }
                try gallery.withRows(first..<min(first + galleryBlock, gallery.count)) { (rows) throws(AlgebraError) in
                    block.count(
                        rows, firstRow: first, largestNorm: largestNorms[place], products: &products,
                        threads: threads ?? OpenBLAS.threadCount)
                }
            }
            try progress.throwIfCancelled()
            block.write(to: &ranks)
            progress.add(numbers.count)
        }
        return ranks
    }

    private static func require(_ targets: [[Int32]], queryCount: Int, galleryCount: Int) throws(AlgebraError) {
        guard targets.count == queryCount else {
            throw AlgebraError(
                .invalidArgument,
                "targets of \(targets.count) queries were given for \(queryCount) queries; give one list for each")
        }
        for (query, rows) in targets.enumerated() {
            guard let bad = rows.first(where: { !(0..<galleryCount).contains(Int($0)) }) else { continue }
            throw AlgebraError(
                .invalidArgument,
                "query \(query) has the target \(bad), but the gallery's rows are 0 to \(galleryCount - 1)")
        }
    }

    /// The largest Euclidean norm in each block of rows, all of which must be finite.
    private static func largestNorms(
        of gallery: some DescriptorRows, block: Int
    ) throws(AlgebraError) -> [Double] {
        var largest: [Double] = []
        let dimensions = gallery.dimensions
        try gallery.forEachRange(of: block) { (first, rows) throws(AlgebraError) in
            try AlgebraError.requireFinite(rows, firstRow: first, dimensions: dimensions, "the gallery")
            largest.append(TargetRanksBlock.squaredNorms(of: rows, dimensions: dimensions).reduce(0, max).squareRoot())
        }
        return largest
    }
}
