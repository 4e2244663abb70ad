import CairnAlgebra
import Dispatch

/// Re-ranks the best rows by refined global descriptors alone.
///
/// Shao, Chen, Karpur, Cui, Araujo, Cao: Global Features are All You Need for Image Retrieval and Reranking (ICCV 2023),
/// section 3.3, with the numbers of the authors' code: M = 400, K = 9, β = 0.15. For each query, among its M best rows:
/// 1. Each row `d` is refined by the K of them that are most similar to it: `g = (d + β Σ s_i d_i) / (1 + β Σ s_i)`, not
///    brought to unit length; `S1 = q · g`.
/// 2. The K + 1 rows of highest `S1` make a new query, the maximum of their refined descriptors in each dimension;
///    `S2 = max · g`. The rows are ranked by `(S1 + S2) / 2`; those behind them stay as they were.
///
/// Deviations: a row is its own first neighbour even beside a duplicate, and negative similarities count as 0, so that no sum
/// of weights can vanish.
public struct SuperGlobalReranking: RerankingMethod {
    /// `superglobal`.
    public static let name = "superglobal"
    /// What it does.
    public static let summary = "SuperGlobal: the top m are ranked by descriptors refined among themselves"

    /// Rows that are ranked anew.
    public var m = 400
    /// Neighbours that refine a descriptor, and best rows, less one, that make the new query.
    public var k = 9
    /// The weight of a neighbour, times its similarity.
    public var beta = 0.15

    /// The defaults.
    public init() {}

    /// Throws for counts below 1 and a negative weight.
    public func validate() throws {
        try requireCount(m, "m")
        try requireCount(k, "k")
        try requireNumber(beta, "beta", in: 0...100)
    }

    /// Nothing depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        Prepared(gallery: gallery, settings: self)
    }

    private struct Prepared: PreparedMethod {
        let gallery: RerankingGallery
        let settings: SuperGlobalReranking

        func apply(to state: inout RerankingState) async throws {
            var heads: [Ranking] = []
            for (query, head) in try state.rankings(depth: settings.m).enumerated() {
                try Task.checkCancellation()
                heads.append(
                    try settings.rank(
                        head.rows, for: state.queries[query], of: gallery.descriptors,
                        threads: state.environment.threads))
                state.environment.progress?("Refining descriptors", query + 1, state.queries.count)
            }
            try state.rank(heads)
        }
    }

    private func rank(
        _ rows: [Int32], for query: ArraySlice<Float>, of gallery: DescriptorMatrix, threads: Int
    ) throws -> Ranking {
        let refined = try refined(gallery.rows(at: rows.map(Int.init)), threads: threads)
        let first = (0..<refined.count).map { innerProduct(query, refined[$0]) }
        let order = first.indices.sorted { (first[$0], rows[$1]) > (first[$1], rows[$0]) }
        var pooled = Array(refined[order[0]])
        for place in order.prefix(k + 1).dropFirst() {
            for (column, value) in refined[place].enumerated() { pooled[column] = max(pooled[column], value) }
        }
        return Ranking(
            sorting: rows.indices.map { place in
                (rows[place], (first[place] + innerProduct(pooled[...], refined[place])) / 2)
            })
    }

    /// Each descriptor and its neighbours among the others, summed by weight.
    private func refined(_ descriptors: DescriptorMatrix, threads: Int) throws -> DescriptorMatrix {
        guard descriptors.count >= 2 else { return descriptors }
        let nearest = try NearestRows.search(queries: descriptors, in: descriptors, k: k + 1, threads: threads)
        var values: [Float] = []
        values.reserveCapacity(descriptors.values.count)
        var sum = [Float](repeating: 0, count: descriptors.dimensions)
        for row in 0..<descriptors.count {
            let (indices, scores) = nearest.neighbors(of: row)
            let others = zip(indices, scores).lazy.filter { $0.0 != row }.prefix(k)
            for (column, value) in descriptors[row].enumerated() { sum[column] = value }
            var total: Float = 1
            for (other, score) in others where score > 0 {
                let weight = Float(beta) * score
                total += weight
                descriptors[Int(other)].withUnsafeBufferPointer { neighbor in
                    for column in sum.indices { sum[column] += weight * neighbor[column] }
                }
            }
            for column in sum.indices { sum[column] /= total }
            values += sum
        }
        return try DescriptorMatrix(values: values, dimensions: descriptors.dimensions)
    }
}
