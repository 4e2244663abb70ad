import CairnAlgebra
import CairnCore

/// Keeps a photo when enough of its nearest neighbours of the same label verify geometrically.
///
/// Yokoo, Ozaki, Simo-Serra and Iizuka, *Two-stage discriminative re-ranking for large-scale landmark retrieval* (CVPR
/// workshops 2020, arXiv 2003.11211), which made the clean version of Google Landmarks v2: up to 100 neighbours of the
/// same label, 30 inliers verify a pair, 3 verified pairs keep a photo, and a class with one photo left is dropped. Two
/// deviations: neighbours are searched among the rows of the label instead of being filtered out of the whole set's,
/// and a pair is compared once, lower row first, for both of its photos.
public struct VerifiedNeighborCleaning: Sendable, Equatable, Codable {
    /// The most neighbours of a photo that are compared with it.
    public var neighbors: Int = 100

    /// The inliers that verify a pair.
    public var minimumInliers: Int = 30

    /// The verified pairs that keep a photo.
    public var minimumVerified: Int = 3

    /// A class with fewer photos left is dropped.
    public var minimumClassSize: Int = 2

    /// The most pairs that are verified in one call.
    public var batchSize: Int = 256

    /// The settings of the 2019 winners.
    public static let glret2019 = VerifiedNeighborCleaning()

    /// The settings of the 2019 winners.
    public init() {}

    /// Decides about each row of `descriptors`, which belongs to the label at the same place; rows without a label are
    /// left alone.
    ///
    /// A photo's neighbours are compared in order of similarity, lower rows first among equals, and no longer than it
    /// takes to know: until enough have verified, or too few are left. What is found does not depend on `batchSize`.
    ///
    /// - Parameter progress: is told how many pairs have been compared so far, after each call of `verification`.
    /// - Throws: `CleaningError` for impossible settings or rows and for a verification that does not answer each pair;
    ///   whatever the verification throws; `CancellationError`.
    public func clean(
        _ descriptors: DescriptorMatrix, labels: [String?], verification: some PairVerification,
        progress: (@Sendable (Int) -> Void)? = nil
    ) async throws -> VerifiedNeighbors {
        try check()
        guard labels.count == descriptors.count else {
            throw CleaningError.count("labels", labels.count, of: descriptors.count)
        }
        do throws(AlgebraError) { try descriptors.requireFinite("the descriptors") } catch {
            throw CleaningError(error)
        }
        var verdicts = labels.map { VerifiedNeighbors.Verdict(label: $0) }
        var compared = 0
        for (_, rows) in LabelRows.grouped(labels) {
            var search = try NeighborVerification(rows: rows, descriptors: descriptors, cleaning: self)
            while case let pairs = search.nextPairs(), !pairs.isEmpty {
                for start in stride(from: 0, to: pairs.count, by: batchSize) {
                    try Task.checkCancellation()
                    let batch = Array(pairs[start..<min(start + batchSize, pairs.count)])
                    let inliers = try await verification.inliers(between: batch)
                    guard inliers.count == batch.count else {
                        throw CleaningError(
                            .failure, "verification gave \(inliers.count) answers for \(batch.count) pairs")
                    }
                    search.record(batch, inliers)
                    compared += batch.count
                    progress?(compared)
                }
            }
            let found = search.verdicts()
            let kept = found.count { $0.outcome == .kept }
            for (row, verdict) in zip(rows, found) {
                verdicts[row].evidence = verdict.evidence
                let isSmall = verdict.outcome == .kept && kept < minimumClassSize
                verdicts[row].outcome = isSmall ? .dropped(.smallClass(size: kept)) : verdict.outcome
            }
        }
        return VerifiedNeighbors(verdicts: verdicts, comparedPairs: compared)
    }

    /// Refuses what makes no sense.
    func check() throws(CleaningError) {
        guard neighbors >= 1, minimumInliers >= 1, minimumVerified >= 1, minimumClassSize >= 1, batchSize >= 1 else {
            throw CleaningError(
                .invalidArgument,
                "cleaning by verification needs at least 1 neighbour, inlier, verified pair, photo of a class and pair "
                    + "of a batch, not \(neighbors), \(minimumInliers), \(minimumVerified), "
                    + "\(minimumClassSize) and \(batchSize)")
        }
        guard minimumVerified <= neighbors else {
            throw CleaningError(
                .invalidArgument, "\(minimumVerified) of \(neighbors) neighbours cannot verify; compare with more")
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case neighbors, minimumInliers, minimumVerified, minimumClassSize, batchSize
    }

    /// Reads the settings that are given and keeps the defaults of the rest; unknown settings and impossible values are
    /// refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "cleaning by verification")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        neighbors = try values.decodeIfPresent(Int.self, forKey: .neighbors) ?? neighbors
        minimumInliers = try values.decodeIfPresent(Int.self, forKey: .minimumInliers) ?? minimumInliers
        minimumVerified = try values.decodeIfPresent(Int.self, forKey: .minimumVerified) ?? minimumVerified
        minimumClassSize = try values.decodeIfPresent(Int.self, forKey: .minimumClassSize) ?? minimumClassSize
        batchSize = try values.decodeIfPresent(Int.self, forKey: .batchSize) ?? batchSize
        try check()
    }
}
