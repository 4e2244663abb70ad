import CairnCleaning
import CairnFeatures
import CairnImaging
import Synchronization

/// Counts inliers between photos by RootSIFT and a homography. Features of the photos that are compared most are kept.
final class PhotoPairVerification: PairVerification {
    private let paths: [String]
    private let extractor = RootSIFTExtractor()
    private let verifier: PairVerifier
    private let kept = Mutex<[Int: [UInt8]]>([:])

    /// Features that are kept at a time: some 300 kB each.
    private static let capacity = 2_000

    /// Compares photos by their row.
    init(paths: [String]) throws {
        self.paths = paths
        verifier = try PairVerifier(configuration: extractor.pairVerification)
    }

    /// The inliers of each pair; 0 where a photo cannot be read.
    func inliers(between pairs: [RowPair]) async throws -> [Int] {
        var workspace = MatchWorkspace()
        var queries: [Int: PairVerifier.Query] = [:]
        return try pairs.map { pair in
            try Task.checkCancellation()
            guard let first = record(of: pair.first), let second = record(of: pair.second) else { return 0 }
            let query =
                try queries[pair.first] ?? PairVerifier.Query(first.withUnsafeBytes { try LocalFeatures(record: $0) })
            queries = [pair.first: query]
            return try second.withUnsafeBytes { record in
                try verifier.verify(query, with: LocalFeaturesView(record: record), workspace: &workspace).evidence?
                    .score
                    ?? 0
            }
        }
    }

    private func record(of row: Int) -> [UInt8]? {
        if let known = kept.withLock({ $0[row] }) { return known }
        guard let photo = try? ExtractionPhoto(contentsOf: paths[row], for: extractor.input),
            let features = try? extractor.features(of: photo).encoded()
        else { return nil }
        kept.withLock { kept in
            if kept.count >= Self.capacity { kept.removeAll() }
            kept[row] = features
        }
        return features
    }
}
