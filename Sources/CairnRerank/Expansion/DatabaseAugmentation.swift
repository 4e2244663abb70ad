import CairnAlgebra

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Database-side augmentation: each gallery descriptor becomes the weighted sum of itself and its nearest rows.
///
/// Turcot, Lowe (2009) for visual words; for descriptors Gordo, Almazán, Revaud, Larlus: End-to-end Learning of Deep Visual
/// Representations for Image Retrieval (IJCV 2017), section 5.2: the row itself has weight 1 and its neighbour of rank `r`
/// has `(k - r) / k`, so the `k`-th has none. Other weights: `uniform`, all 1; `alpha`, similarity^alpha as in α query
/// expansion; `log`, from 1 to `10^-decades` in even steps of the logarithm with the row itself as the first, as winners of
/// the Google Landmark challenges of 2019 weighed them (1.5 decades). Sums are brought to unit length. A row's neighbours are
/// other rows, duplicates of it among them; a row of zeros stays zeros.
///
/// Memory beside the neighbours: one more copy of the gallery.
public struct DatabaseAugmentation: RerankingMethod {
    /// How neighbours are weighted.
    public enum Weights: String, Codable, Sendable, CaseIterable {
        /// `(k - r) / k` by rank `r` from 1.
        case linear
        /// 1.
        case uniform
        /// A power of the similarity, negative ones clipped to 0.
        case alpha
        /// `10^(-decades r / k)` by rank `r` from 1.
        case log
    }

    /// `dba`.
    public static let name = "dba"
    /// What it does.
    public static let summary = "database augmentation: each gallery row is averaged with its k nearest"
    /// The weights' names.
    public static let choices = ["weights": Weights.allCases.map(\.rawValue)]

    /// Neighbours of each row.
    public var k = 10
    /// How they are weighted.
    public var weights = Weights.linear
    /// The power of the similarity, for the weights `alpha`.
    public var alpha = 3.0
    /// How far the weights `log` fall, in powers of ten.
    public var decades = 1.5

    /// The defaults.
    public init() {}

    /// Throws for `k` below 1 and for negative powers.
    public func validate() throws {
        try requireCount(k, "k")
        try requireNumber(alpha, "alpha", in: 0...100)
        try requireNumber(decades, "decades", in: 0...10)
    }

    /// Finds every row's neighbours and augments the gallery.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        guard gallery.count >= 2 else { return Augmented(gallery: gallery) }
        let neighbors = try gallery.neighbors(k, environment: environment)
        let width = min(k, gallery.count - 1)
        var terms = DescriptorExpansion.Terms(rows: neighbors.indices, weights: [], width: neighbors.k)
        terms.weights.reserveCapacity(terms.rows.count)
        let ranked = (1...neighbors.k).map { $0 <= width ? weight(rank: $0) : 0 }
        for row in 0..<gallery.count {
            if weights == .alpha {
                let scores = neighbors.neighbors(of: row).scores
                terms.weights += scores.prefix(width).map { similarityWeight($0, alpha: alpha) }
                terms.weights += repeatElement(0, count: neighbors.k - width)
            } else {
                terms.weights += ranked
            }
        }
        let augmented = try DescriptorExpansion.expand(
            gallery.descriptors, by: terms, of: gallery.descriptors, threads: environment.threads)
        return Augmented(
            gallery: try RerankingGallery(descriptors: augmented, regions: gallery.regions, labels: gallery.labels))
    }

    /// The weight of the neighbour of a rank from 1, where similarity plays no part.
    private func weight(rank: Int) -> Float {
        let share = Double(rank) / Double(k)
        return switch weights {
        case .linear: Float(1 - share)
        case .uniform, .alpha: 1
        case .log: Float(pow(10, -decades * share))
        }
    }

    /// Another gallery is all that there is to it.
    private struct Augmented: PreparedMethod {
        let gallery: RerankingGallery

        func apply(to state: inout RerankingState) async throws {}
    }
}
