import CairnAlgebra
import CairnCleaning
import CairnCore
import CairnFeatures

/// Cleans the labels of a collection: finds the images that do not belong to theirs, and labels that are several things.
public struct CollectionCleaner: Sendable {
    private let searcher: Searcher
    private let images: [ImageID]
    private let labels: [String?]
    private let matrix: DescriptorMatrix

    /// Reads labels and descriptors.
    ///
    /// - Throws: `CollectionError` when no image has a label, or there are no global descriptors.
    public init(_ searcher: Searcher) throws {
        let known = try searcher.snapshot.labels()
        guard known.values.contains(where: { $0.landmarkName != nil }) else {
            throw CollectionError(
                .invalidArgument, "no image of the collection has a label to clean; give them labels with `cairn label`"
            )
        }
        guard let descriptors = try searcher.global?.descriptors() else {
            throw CollectionError(
                .invalidArgument,
                "cleaning goes by global descriptors, which the collection does not have; index with a global model too"
            )
        }
        self.searcher = searcher
        images = descriptors.images
        labels = descriptors.images.map { known[$0]?.landmarkName }
        matrix = descriptors.matrix
    }

    /// Splits labels into clusters of their descriptors; see `ClassCleaning`.
    public func split(_ settings: ClassCleaning = .standard) throws -> LabelCleaning {
        let cleaned = try settings.clean(matrix, labels: labels)
        let paths = try self.paths()
        return LabelCleaning(
            images: zip(images, cleaned.verdicts).compactMap { image, verdict in
                guard let label = verdict.label, let path = paths[image] else { return nil }
                return verdict.outcome.image(image, path: path, label: label, settings) { paths[images[$0]] }
            },
            method: settings.words)
    }

    /// Keeps the images that enough neighbours of their label verify; see `VerifiedNeighborCleaning`.
    ///
    /// - Parameter progress: Told how many pairs are compared.
    /// - Throws: `CollectionError` without local features.
    public func verify(
        _ settings: VerifiedNeighborCleaning = .glret2019, progress: (@Sendable (Int) -> Void)? = nil
    ) async throws -> LabelCleaning {
        guard searcher.strategy.usesLocal else {
            throw CollectionError(
                .invalidArgument,
                "labels cannot be verified: the collection has no local features; index with a local model too")
        }
        let comparison = StoredPairVerification(searcher: searcher, images: images)
        let cleaned = try await settings.clean(matrix, labels: labels, verification: comparison, progress: progress)
        let paths = try self.paths()
        return LabelCleaning(
            images: zip(images, cleaned.verdicts).compactMap { image, verdict in
                guard let label = verdict.label, let path = paths[image] else { return nil }
                return verdict.image(image, path: path, label: label, settings)
            },
            method: settings.words)
    }

    private func paths() throws -> [ImageID: String] {
        let labelled = zip(images, labels).compactMap { $1 == nil ? nil : $0 }
        return try searcher.snapshot.images(labelled).compactMapValues(\.paths.first)
    }
}

/// Compares stored local features.
private struct StoredPairVerification: PairVerification {
    let searcher: Searcher
    let images: [ImageID]

    func inliers(between pairs: [RowPair]) async throws -> [Int] {
        var found: [RowPair: Int] = [:]
        for (first, group) in Dictionary(grouping: pairs, by: \.first) {
            guard let features = try searcher.storedFeatures(of: images[first])?.local else { continue }
            let rows = Dictionary(uniqueKeysWithValues: group.map { (images[$0.second], $0) })
            let outcomes = try await searcher.verification.verify(
                PairVerifier.Query(features), against: group.map { images[$0.second] })
            for (image, outcome) in outcomes {
                if let pair = rows[image] { found[pair] = outcome.evidence?.score }
            }
        }
        return pairs.map { found[$0] ?? 0 }
    }
}
