/// For each query the `k` gallery rows of largest inner product, exactly: best first, lower indices first among equals.
///
/// Scores are inner products of the float32 numbers, summed in double precision in one fixed order and rounded to float32; the
/// order of neighbours is that of these scores. So the answer is the same on any processor and any number of threads, and
/// equal rows have equal scores.
public struct NearestRows: Sendable, Equatable {
    /// Neighbours found for each query: `k`, or as many as the gallery has where that is less.
    public let k: Int

    /// How many queries there were.
    public let queryCount: Int

    /// Gallery rows: `[queries, k]`, row-major.
    public let indices: [Int32]

    /// Their inner products with the query, `[queries, k]`, rounded to float32 from double precision.
    public let scores: [Float]

    /// The neighbours of one query.
    public func neighbors(of query: Int) -> (indices: ArraySlice<Int32>, scores: ArraySlice<Float>) {
        let range = query * k..<(query + 1) * k
        return (indices[range], scores[range])
    }
}
