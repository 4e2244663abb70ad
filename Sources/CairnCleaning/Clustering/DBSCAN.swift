import CairnAlgebra
import CairnCore

/// Density-based clustering of descriptors by cosine distance.
///
/// A row with at least `minSamples` rows within `eps`, itself included, is a *core* row. Core rows within `eps` of one
/// another are of one cluster; other rows belong to a cluster when a core row of it is within `eps`, and are noise
/// otherwise.
///
/// Ester, Kriegel, Sander and Xu, *A density-based algorithm for discovering clusters in large spatial databases with
/// noise* (KDD 1996), with what the paper leaves open settled as scikit-learn's `DBSCAN(metric="cosine")` settles it:
///
/// - Clusters are numbered from 0 by their lowest core row.
/// - A row within `eps` of core rows of several clusters belongs to the one with the lowest number.
/// - Rows need not be of unit length: the distance is 1 − a·b / (|a||b|), from 0 to 2.
/// - A row of zeros has distance 1 from every other row and 0 from itself. (scikit-learn does the same as long as
///   all distances fit its working memory at once, and beyond that counts such a row's distance from itself as 1.)
///
/// Whether two rows are within `eps` is decided in double precision from the float32 numbers that are given, always
/// summed in the same order: labels do not depend on the processor or the number of threads. They are those of
/// scikit-learn given float64; given float32 it rounds each distance by up to some 10⁻⁶ and may decide otherwise for
/// pairs that close to `eps`.
public struct DBSCAN: Sendable, Equatable, Codable {
    /// The largest cosine distance at which two rows are neighbours: above 0, at most 2.
    public var eps: Double

    /// How many rows within `eps`, itself included, make a row a core row: at least 1.
    public var minSamples: Int

    /// Sets the radius and the density.
    public init(eps: Double = 0.3, minSamples: Int = 3) {
        self.eps = eps
        self.minSamples = minSamples
    }

    /// Clusters the rows.
    ///
    /// - Complexity: that of `RowsWithin` for half of all pairs. Memory: a copy of the rows, tiles of a fixed size, and
    ///   for each row that is no core row the fewer than `minSamples` neighbours it has; never all pairs.
    /// - Throws: `CleaningError` (`invalidArgument`) for an impossible radius or density, (`invalidInput`) naming the
    ///   first row that holds NaN or infinity.
    public func cluster(_ rows: DescriptorMatrix) throws(CleaningError) -> Clustering {
        try check()
        do throws(AlgebraError) { try rows.requireFinite("the descriptors") } catch { throw CleaningError(error) }
        return try cluster(CosineRows(rows))
    }

    /// Clusters rows that have been checked. The size of tiles changes nothing but time.
    func cluster(
        _ rows: CosineRows, tileSize: Int = CandidatePairs.standardTileSize
    ) throws(CleaningError) -> Clustering {
        var growth = ClusterGrowth(count: rows.count, minSamples: minSamples)
        do throws(AlgebraError) {
            try CandidatePairs(rows: rows, eps: eps, tileSize: tileSize).forEach { first, second in
                // In a dense cluster nearly all pairs change nothing, and are not decided.
                guard growth.needs(first, second), rows.distance(first, second) <= eps else { return }
                growth.connect(first, second)
            }
        } catch {
            throw CleaningError(error)
        }
        return growth.finish()
    }

    /// Refuses what makes no sense.
    func check(_ name: String = "clustering") throws(CleaningError) {
        guard eps > 0, eps <= 2 else {
            throw CleaningError(
                .invalidArgument,
                "\(name) needs a radius above 0 and at most 2, the range of cosine distances, not \(eps)")
        }
        guard minSamples >= 1 else {
            throw CleaningError(
                .invalidArgument, "\(name) needs at least 1 row within the radius of a core row, not \(minSamples)")
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case eps, minSamples
    }

    /// Reads the settings that are given and keeps the defaults of the rest; unknown settings and impossible values are
    /// refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "clustering")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        eps = try values.decodeIfPresent(Double.self, forKey: .eps) ?? eps
        minSamples = try values.decodeIfPresent(Int.self, forKey: .minSamples) ?? minSamples
        try check()
    }
}
