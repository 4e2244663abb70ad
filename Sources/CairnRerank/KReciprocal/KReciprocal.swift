import CairnAlgebra

/// Re-ranking with k-reciprocal encoding: rows whose nearest neighbours are those of the query move forward.
///
/// Zhong, Zheng, Cao and Li, "Re-ranking person re-identification with k-reciprocal encoding" (CVPR 2017), as their public
/// `re_ranking` computes it. Queries and gallery are ranked for one another. A row's vector holds `exp(-d)` at its reciprocal
/// neighbours (equations 3-7) and is averaged over the row's `k2` nearest (equation 11); the Jaccard distance of two such vectors
/// (equation 10) is mixed with the distance `d` of their descriptors, `(1 - λ) J + λ d` (equation 12). The score is 1 less that.
///
/// `d` is `2 - 2 s` of the similarity `s`, the squared Euclidean distance of unit vectors, divided by the largest that the row
/// has to any other; 0 from a row to itself, which comes first among its own neighbours. Among equals queries come before
/// gallery rows, then the lower number first.
///
/// In the authors' form the queries of a batch are each other's neighbours, so that answers depend on what else is asked:
/// `batch=true` gives exactly that. By default each query is alone with the gallery: the same as a batch of one.
///
/// Nothing is dense: `8 k1` bytes a row for neighbours, and about 100 numbers of 12 bytes for vectors and their index where
/// each query is alone, prepared once. A batch encodes anew with its queries.
public struct KReciprocal: RerankingMethod {
    /// Neighbours among which reciprocal ones are looked for.
    public var k1 = 20
    /// Rows to average vectors over, a row itself among them; 1 for none.
    public var k2 = 6
    /// The part λ that the distance of descriptors has in the result, from 0 to 1.
    public var lambda = 0.3
    /// Whether queries that are asked together are neighbours of each other.
    public var batch = false

    /// Its name in a specification.
    public static let name = "kreciprocal"
    /// What it does, in a line.
    public static let summary = "Jaccard distance of reciprocal neighbours (Zhong et al. 2017)"

    /// The paper's settings.
    public init() {}

    /// Throws `RerankError` (`invalidArgument`), naming the setting, when it makes no sense.
    public func validate() throws {
        for (name, value) in [("k1", k1), ("k2", k2)] where value < 1 {
            throw RerankError(.invalidArgument, "\(Self.name): \(name) must be at least 1, not \(value)")
        }
        guard k2 <= k1 + 1 else {
            throw RerankError(.invalidArgument, "\(Self.name): k2 must be at most k1 + 1 = \(k1 + 1), not \(k2)")
        }
        guard lambda >= 0, lambda <= 1 else {
            throw RerankError(.invalidArgument, "\(Self.name): lambda must lie between 0 and 1, not \(lambda)")
        }
    }

    /// Builds what depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        try validate()
        let lists = try NeighborLists(gallery, k: k1, environment: environment)
        let encodings = batch ? nil : GalleryEncodings(lists, k2: k2, gallery: gallery, threads: environment.threads)
        return PreparedKReciprocal(gallery: gallery, settings: self, lists: lists, encodings: encodings)
    }
}
