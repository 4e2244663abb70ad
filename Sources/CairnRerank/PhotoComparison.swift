/// Compares the photos behind queries and gallery rows. Descriptors alone have none behind them.
///
/// Methods ask for one query after the other, and may ask for the same pair again: whoever answers may use several threads for
/// a query's rows, and may remember.
public protocol PhotoComparison: Sendable {
    /// Inliers of a geometric model between a query's photo and those of some rows, in the rows' order; 0 where nothing agrees.
    func inliers(query: Int, rows: [Int32], by matching: PairMatching) async throws -> [Int]

    /// The rows that local features propose for a query and geometry verifies: most inliers first, at most `limit` tried.
    ///
    /// Each row once; rows without inliers may be left out.
    func localRanking(query: Int, limit: Int) async throws -> [(row: Int32, inliers: Int)]
}

/// How two photos are matched.
public enum PairMatching: Sendable, Hashable {
    /// The collection's own local features: nearest descriptors, then a geometric model.
    case features
    /// A learned matcher, by its name, then a geometric model; keypoints from the extractor of that name, nil for the
    /// matcher's own or a matcher that needs none.
    case learned(matcher: String, keypoints: String?)
}
