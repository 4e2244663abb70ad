import CairnCore
import CairnFeatures
import CairnImaging
import CairnIndex
import CairnRerank
import Synchronization

/// Compares a query's photo with those of a snapshot: for methods of re-ranking that go by geometry.
final class QueryComparison: PhotoComparison {
    /// What is known of the query, and how it is compared.
    private let searcher: Searcher
    private let features: QueryFeatures
    private let path: String
    private let region: PixelRegion?
    private let excluded: ImageID?
    private let images: [ImageID]
    private let found = Mutex<[ImageID: PairVerifier.Outcome]>([:])

    /// - Parameters:
    ///   - searcher: Where local features and their verification are.
    ///   - features: The query's.
    ///   - path: The query's photo, for matchers that look at pixels.
    ///   - region: The part of it that is searched with.
    ///   - images: The image of each row.
    ///   - excluded: An image that takes no part.
    init(
        searcher: Searcher, features: QueryFeatures, path: String, region: PixelRegion?, images: [ImageID],
        excluding excluded: ImageID?
    ) {
        self.region = region
        self.searcher = searcher
        self.features = features
        self.path = path
        self.images = images
        self.excluded = excluded
    }

    /// What local features had in common, image by image.
    var outcomes: [ImageID: PairVerifier.Outcome] { found.withLock { $0 } }

    func inliers(query: Int, rows: [Int32], by matching: PairMatching) async throws -> [Int] {
        let ids = rows.map { images[Int($0)] }
        switch matching {
        case .features:
            let outcomes = try await verified(ids)
            return ids.map { outcomes[$0]?.evidence?.score ?? 0 }
        case .learned(let matcher, let keypoints):
            return try await learned(ids, matcher: matcher, keypoints: keypoints)
        }
    }

    func localRanking(query: Int, limit: Int) async throws -> [(row: Int32, inliers: Int)] {
        guard let local = features.local, let index = searcher.index else { throw Self.noLocalFeatures }
        let proposals = try index.without(excluded.map { [$0] } ?? [], of: searcher.snapshot).search(
            local.descriptors, limit: limit + 1, threads: searcher.verification.threads
        ).map(\.image).filter { $0 != excluded }.prefix(limit)
        let outcomes = try await verified(Array(proposals))
        let rows = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($1, Int32($0)) })
        return proposals.compactMap { id in
            guard let row = rows[id], let inliers = outcomes[id]?.evidence?.score else { return nil }
            return (row, inliers)
        }.sorted { $0.inliers != $1.inliers ? $0.inliers > $1.inliers : $0.row < $1.row }
    }

    /// Outcomes of images, those of earlier comparisons used again.
    private func verified(_ ids: [ImageID]) async throws -> [ImageID: PairVerifier.Outcome] {
        guard let local = features.local else { throw Self.noLocalFeatures }
        let known = outcomes
        let fresh = try await searcher.verification.verify(
            PairVerifier.Query(local), against: ids.filter { known[$0] == nil })
        return found.withLock { found in
            for (id, outcome) in fresh { found[id] = outcome }
            return found
        }
    }

    private func learned(_ ids: [ImageID], matcher name: String, keypoints: String?) async throws -> [Int] {
        guard let matchers = searcher.matchers else {
            throw CollectionError(.invalidArgument, "no matching networks are at hand to re-rank with “\(name)”")
        }
        let matcher = try matchers.matcher(named: name, keypoints: keypoints)
        let decoder = ImageDecoder(configuration: DecodingConfiguration(maximumLongSide: matcher.longSide))
        let photo = try region.map { try decoder.rgb(contentsOf: path, region: $0) } ?? decoder.rgb(contentsOf: path)
        guard let photo else { throw CollectionError.outside(path) }
        let session = try matcher.session(query: photo)
        let images = try searcher.snapshot.images(ids)
        return try ids.map { id in
            try Task.checkCancellation()
            // A photo that is gone has nothing to show.
            guard let path = images[id]?.paths.first, let photo = try? decoder.rgb(contentsOf: path) else { return 0 }
            return try session.compare(with: photo).evidence?.score ?? 0
        }
    }

    private static let noLocalFeatures = CollectionError(
        .invalidArgument,
        "geometric re-ranking needs local features, which the collection does not have; index with a local model too")
}
