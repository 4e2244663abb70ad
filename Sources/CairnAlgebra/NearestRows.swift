import CairnCore

/// For each query the `k` gallery rows of largest inner product, exactly: best first, lower indices first among equals.
///
/// Blocks of 512 queries and 4,096 gallery rows are multiplied by SGEMM; what comes within rounding of a query’s best `k` is
/// multiplied again in double precision, always in the same order. So the answer is the same on any processor and any number
/// of threads, and equal rows have equal scores. Memory: one block (8 MB) and at most
/// `2 k + 64` candidates for each of its queries.
public struct NearestRows: Sendable, Equatable {
    /// Neighbours found for each query: `k`, or the gallery's size where that is less.
    public let k: Int

    /// Gallery rows: `[queries, k]`, row-major.
    public let indices: [Int32]

    /// Their inner products with the query, `[queries, k]`, rounded to float32 from double precision.
    public let scores: [Float]

    /// How many queries there were.
    public var queryCount: Int { indices.count / k }

    private static let queryBlock = 512
    private static let galleryBlock = 4096

    /// The neighbours of one query.
    public func neighbors(of query: Int) -> (indices: ArraySlice<Int32>, scores: ArraySlice<Float>) {
        let range = query * k..<(query + 1) * k
        return (indices[range], scores[range])
    }

    /// Searches. A row that is in both matrices finds itself too: ask for one more than is wanted, and drop it.
    ///
    /// - Complexity: `2 * queries * gallery * dimensions` float32 operations.
    /// - Parameter threads: how many threads choose among the products; nil takes as many as multiply
    ///   (`OpenBLAS.threadCount`).
    /// - Throws: `AlgebraError` for row lengths that differ, `k` below 1, an empty gallery, or numbers that are not finite.
    public static func search(
        queries: DescriptorMatrix, in gallery: DescriptorMatrix, k: Int, threads: Int? = nil
    ) throws(AlgebraError) -> NearestRows {
        guard queries.dimensions == gallery.dimensions else {
            throw AlgebraError.dimensions("the gallery", expected: queries.dimensions, found: gallery.dimensions)
        }
        guard k >= 1, (1...Int(Int32.max)).contains(gallery.count) else {
            throw AlgebraError(.invalidArgument, "cannot find \(k) neighbours among \(gallery.count) descriptors")
        }
        try queries.requireFinite("the queries")
        try gallery.requireFinite("the gallery")
        let k = min(k, gallery.count)
        let dimensions = queries.dimensions
        var indices = [Int32](repeating: 0, count: queries.count * k)
        var scores = [Float](repeating: 0, count: queries.count * k)
        // The scratch is one block of products.
        var products = [Float](
            repeating: 0, count: min(queryBlock, queries.count) * min(galleryBlock, gallery.count))
        let threads = threads ?? OpenBLAS.threadCount
        gallery.values.withUnsafeBufferPointer { galleryValues in
            queries.values.withUnsafeBufferPointer { queryValues in
                indices.withUnsafeMutableBufferPointer { indices in
                    scores.withUnsafeMutableBufferPointer { scores in
                        products.withUnsafeMutableBufferPointer { products in
                            let largestNorm = (0..<gallery.count).reduce(0) {
                                max($0, NearestRowsBlock.norm(galleryValues, row: $1, dimensions: dimensions))
                            }
                            let block = NearestRowsBlock(
                                queries: queryValues, gallery: galleryValues, dimensions: dimensions, k: k,
                                products: products, indices: indices, scores: scores, largestNorm: largestNorm)
                            for start in stride(from: 0, to: queries.count, by: queryBlock) {
                                block.search(
                                    queries: start..<min(start + queryBlock, queries.count),
                                    galleryBlock: galleryBlock, threads: threads)
                            }
                        }
                    }
                }
            }
        }
        return NearestRows(k: k, indices: indices, scores: scores)
    }
}
