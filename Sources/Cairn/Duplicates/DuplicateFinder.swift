import CairnCleaning
import CairnCore
import CairnFeatures
import CairnIndex
import Foundation

/// Finds the photos of a collection that show the same picture: copies, crops, resized and edited versions.
///
/// Both indices propose pairs, geometry decides (see `DuplicateCriteria`), and what it accepts is compared pixel by pixel
/// (`PixelAgreement`). A collection without local features goes by
/// descriptors alone, and asks for more similar ones.
public struct DuplicateFinder: Sendable {
    /// What makes two pictures duplicates.
    public let criteria: DuplicateCriteria

    private let searcher: Searcher

    /// Pictures that the inverted file proposes for each, at most.
    private static let proposals = 20

    /// - Parameters:
    ///   - searcher: The collection, and what it has to compare pictures by.
    ///   - criteria: `nil` for what suits what it has.
    /// - Throws: `CollectionError` when geometry is asked for and there are no local features.
    public init(_ searcher: Searcher, criteria: DuplicateCriteria? = nil) throws {
        let standard: DuplicateCriteria = searcher.strategy.usesLocal ? .verified : .descriptorsOnly
        self.searcher = searcher
        self.criteria = criteria ?? standard
        guard searcher.strategy.usesLocal || !self.criteria.requiresVerification else {
            throw CollectionError(
                .invalidArgument,
                "duplicates cannot be verified: the collection has no local features; leave verification out, or index with a local model too"
            )
        }
    }

    /// Compares the whole collection.
    ///
    /// - Parameter progress: Told how many images are compared, and of how many.
    /// - Complexity: For each image a search of either index and some 20 comparisons: about 10 ms a thread.
    public func find(progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil) async throws -> DuplicateReport {
        let files = try searcher.snapshot.files()
        var images: [ImageID: CollectionImage] = [:]
        try searcher.snapshot.forEachImage { images[$0.id] = $0 }
        // A run under way may have put images beyond the snapshot's files, and the other way round.
        let kept = files.filter { images[$0.image] != nil }
        let pictures = kept.compactMap { file in
            images[file.image].map { image in
                DuplicateImage(
                    size: image.originalSize, byteCount: file.byteCount,
                    date: (image.captureTime ?? file.modified).timeIntervalSince1970, path: file.path,
                    digest: "\(file.image.rawValue)")
            }
        }
        // One file stands for all with its content.
        var rows: [ImageID: Int] = [:]
        for (row, file) in kept.enumerated() where rows[file.image] == nil { rows[file.image] = row }
        var pairs = try similarPairs(pictures, rows: rows)
        if searcher.strategy.usesLocal {
            pairs = try await verified(pairs, rows: rows, images: images, progress: progress)
            pairs = pairs.filter { agrees($0, pictures) }
        }
        let groups = try DuplicateGroups(images: pictures, pairs: pairs, criteria: criteria)
        return DuplicateReport(groups, pictures: pictures, comparedImages: rows.count, criteria: criteria)
    }

    /// Whether a pair that geometry takes for the same picture is so in its pixels. Photos that are gone cannot be compared, and
    /// nothing is given up for them.
    private func agrees(_ pair: DuplicatePair, _ pictures: [DuplicateImage]) -> Bool {
        let (first, second) = (pictures[pair.rows.first], pictures[pair.rows.second])
        guard let geometry = pair.geometry, case .samePicture = criteria.judge(pair, first: first, second: second)
        else {
            return true
        }
        guard let agreement = try? PixelAgreement(first, second, geometry: geometry) else { return false }
        return agreement.share.map { $0 >= criteria.minimumAgreement } ?? false
    }

    /// What descriptors propose.
    private func similarPairs(_ pictures: [DuplicateImage], rows: [ImageID: Int]) throws -> [DuplicatePair] {
        guard let descriptors = try searcher.global?.descriptors() else { return [] }
        let order = descriptors.images.compactMap { rows[$0] }
        guard order.count == descriptors.images.count else { return [] }
        let found = try criteria.candidates(images: order.map { pictures[$0] }, descriptors: descriptors.matrix)
        return found.map {
            DuplicatePair(rows: RowPair(order[$0.rows.first], order[$0.rows.second]), similarity: $0.similarity)
        }
    }

    /// Adds what the inverted file proposes, and compares all of them.
    private func verified(
        _ similar: [DuplicatePair], rows: [ImageID: Int], images: [ImageID: CollectionImage],
        progress: (@Sendable (Int, Int) -> Void)?
    ) async throws -> [DuplicatePair] {
        let ids = Dictionary(uniqueKeysWithValues: rows.map { ($1, $0) })
        var similarities: [RowPair: Double] = [:]
        var partners: [Int: Set<Int>] = [:]
        for pair in similar {
            similarities[pair.rows] = pair.similarity
            partners[pair.rows.first, default: []].insert(pair.rows.second)
        }
        for (row, id) in ids.sorted(by: { $0.key < $1.key }) {
            try Task.checkCancellation()
            for other in try proposals(for: id) {
                guard other != id, let place = rows[other] else { continue }
                partners[min(row, place), default: []].insert(max(row, place))
            }
        }
        var pairs: [DuplicatePair] = []
        let total = partners.count
        for (done, (row, others)) in partners.sorted(by: { $0.key < $1.key }).enumerated() {
            progress?(done, total)
            guard let id = ids[row], let image = images[id], let features = try searcher.storedFeatures(of: id)?.local
            else { continue }
            let outcomes = try await searcher.verification.verify(
                PairVerifier.Query(features), against: others.sorted().compactMap { ids[$0] })
            for (other, outcome) in outcomes {
                guard let place = rows[other], let partner = images[other] else { continue }
                let pair = RowPair(row, place)
                pairs.append(
                    DuplicatePair(
                        rows: pair, similarity: similarities[pair],
                        geometry: outcome.geometry(from: image, to: partner)))
            }
        }
        progress?(total, total)
        return pairs
    }

    private func proposals(for id: ImageID) throws -> [ImageID] {
        guard let index = searcher.index else { return [] }
        let limit = min(criteria.neighbors, Self.proposals) + 1
        switch index.configuration.scoring {
        case .aggregatedMatchKernel: return index.search(like: id, limit: limit).map(\.image)
        case .nearestDescriptorVoting:
            guard let features = try searcher.storedFeatures(of: id)?.local else { return [] }
            return index.search(features.descriptors, limit: limit).map(\.image)
        }
    }
}

extension PairVerifier.Outcome {
    /// The homography between the photos as their files have them, where there is one.
    fileprivate func geometry(from first: CollectionImage, to second: CollectionImage) -> PairGeometry? {
        guard let evidence, evidence.model.kind != .fundamental else { return nil }
        func scale(_ image: CollectionImage) -> (x: Double, y: Double) {
            (
                Double(image.originalSize.width) / Double(image.size.width),
                Double(image.originalSize.height) / Double(image.size.height)
            )
        }
        let (from, to) = (scale(first), scale(second))
        let (rows, columns) = ([to.x, to.y, 1], [from.x, from.y, 1])
        let matrix = evidence.model.matrix.rowMajor.enumerated().map { place, value in
            value * rows[place / 3] / columns[place % 3]
        }
        return PairGeometry(
            homography: matrix,
            inliers: evidence.lines.map { PixelPoint(x: $0.source.x * from.x, y: $0.source.y * from.y) },
            matchCount: matchCount)
    }
}
