import CairnAlgebra
import Dispatch
import Synchronization

/// Discriminative query expansion: a linear classifier learned from the best against the worst rows searches again.
///
/// Arandjelović, Zisserman: Three things everyone should know to improve object retrieval (CVPR 2012), section 4: positives are
/// the query and its verified rows, negatives the rows of lowest rank, and the gallery is ranked by the signed distance from
/// the plane of a linear SVM, so by `w · x`. The SVM is `LinearSVM`.
///
/// Positives are those of the present ranking's top `n` that have at least `inliers` inliers where there are photos; without
/// photos, or with `inliers` 0, all of them. Negatives are the `negatives` rows least similar to the query, lower rows first
/// among equals. Where nothing is left to be negative, the query stays as it is.
public struct DiscriminativeQueryExpansion: RerankingMethod {
    /// `dqe`.
    public static let name = "dqe"
    /// What it does.
    public static let summary =
        "discriminative query expansion: a linear SVM of the top n against the bottom searches again"

    /// Rows of the top that may be positive.
    public var n = 10
    /// Rows of the bottom.
    public var negatives = 200
    /// Inliers that make a row of the top positive; 0 asks for none.
    public var inliers = 20
    /// The weight of errors against the margin.
    public var c = 1.0

    /// The defaults.
    public init() {}

    /// Throws for counts below 1 and a cost that is not above 0.
    public func validate() throws {
        try requireCount(n, "n")
        try requireCount(negatives, "negatives")
        try requireCount(inliers, "inliers", atLeast: 0)
        try requireNumber(c, "c", in: 1e-6...1e6)
    }

    /// Nothing depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        let settings = self
        return QueryExpansion(gallery: gallery) { state in
            try settings.planes(state, positives: try await settings.positives(state))
        }
    }

    /// The rows that count as right, for each query.
    private func positives(_ state: RerankingState) async throws -> [[Int32]] {
        let heads = try state.rankings(depth: n).map(\.rows)
        guard inliers > 0, let evidence = state.evidence else { return heads }
        var verified: [[Int32]] = []
        for (query, rows) in heads.enumerated() {
            try Task.checkCancellation()
            let counts = try await evidence.inliers(query: query, rows: rows, by: .features)
            precondition(counts.count == rows.count, "\(counts.count) inlier counts for \(rows.count) rows")
            verified.append(zip(rows, counts).filter { $0.1 >= inliers }.map(\.0))
        }
        return verified
    }

    /// The normal of each query's plane, at unit length.
    private func planes(_ state: RerankingState, positives: [[Int32]]) throws -> DescriptorMatrix {
        let (queries, gallery) = (state.queries, state.gallery.descriptors)
        let (count, dimensions) = (queries.count, queries.dimensions)
        // Room for negatives that turn out to be positives.
        let bottom = try NearestRows.search(
            queries: DescriptorMatrix(values: queries.values.map { -$0 }, dimensions: dimensions), in: gallery,
            k: negatives + (positives.map(\.count).max() ?? 0), threads: state.environment.threads)
        let normals = Mutex([[Float]?](repeating: nil, count: count))
        let failure = Mutex<(any Error)?>(nil)
        let parts = max(1, min(state.environment.threads, count))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            for query in count * part / parts..<count * (part + 1) / parts {
                do {
                    let right = positives[query]
                    let wrong = bottom.neighbors(of: query).indices.filter { !right.contains($0) }.prefix(negatives)
                    guard !wrong.isEmpty, queries[query].contains(where: { $0 != 0 }) else { continue }
                    var samples = try DescriptorMatrix(values: Array(queries[query]), dimensions: dimensions)
                    for row in right + wrong { try samples.append(gallery[Int(row)]) }
                    let plane = LinearSVM(samples: samples, positives: 1 + right.count, cost: c)
                    let length = plane.normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
                    guard length > 0 else { continue }
                    normals.withLock { $0[query] = plane.normal.map { Float($0 / length) } }
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        var expanded = try DescriptorMatrix(dimensions: dimensions)
        for (query, normal) in normals.withLock({ $0 }).enumerated() {
            if let normal { try expanded.append(normal) } else { try expanded.append(queries[query]) }
        }
        return expanded
    }
}
