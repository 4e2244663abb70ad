import CairnCore
import CairnFeatures
import CairnIndex
import CairnRecognition

/// Searches a collection for evidence of what a photo shows: its labelled images most alike, and the nearest that show no
/// landmark. Images without a label say nothing.
///
/// An image's similarity is that of the global descriptors; in a collection without, the inverted file's score.
public struct RecognitionSearch: Sendable {
    /// What was found for one query.
    public struct Finding: Sendable {
        /// What recognition goes by. Rows are image numbers.
        public var evidence: RecognitionEvidence
        /// The search's own answer: all images, labelled or not, with lines and timings.
        public var answer: SearchAnswer
    }

    /// What searches.
    public let searcher: Searcher

    /// What each labelled image shows.
    public let labels: [ImageID: ImageLabel]

    private let nonLandmarks: Set<ImageID>

    /// Images of either kind that count as evidence of one query, at most.
    private static let limits = (candidates: 100, nonLandmarks: 10)

    /// Reads the labels. Throws `CollectionError` when no image has one.
    public init(_ searcher: Searcher) throws {
        self.searcher = searcher
        labels = try searcher.snapshot.labels()
        nonLandmarks = Set(labels.lazy.filter { $0.value == .nonLandmark }.map(\.key))
        guard nonLandmarks.count < labels.count else {
            throw CollectionError(
                .invalidArgument,
                "no image of the collection has a label to recognise by; give them labels with `cairn label`")
        }
    }

    /// The evidence for a photo.
    ///
    /// - Throws: `ImagingError` when it is not a usable image.
    public func finding(contentsOf path: String) async throws -> Finding {
        let features = try searcher.queryFeatures(contentsOf: path)
        let answer = try await searcher.search(features, query: path, limit: limit)
        return try finding(answer, query: features, excluding: nil)
    }

    /// The evidence for an image of the collection, as though the collection did not have it: leave-one-out. `nil` when it was
    /// deleted meanwhile.
    public func finding(leavingOut image: ImageID) async throws -> Finding? {
        guard let features = try searcher.storedFeatures(of: image) else { return nil }
        let path = try searcher.snapshot.image(image)?.paths.first ?? ""
        let answer = try await searcher.search(features, query: path, limit: limit, excluding: image)
        return try finding(answer, query: features, excluding: image)
    }

    /// Room for the candidates, and for images that say nothing among them.
    private var limit: Int { 2 * (Self.limits.candidates + Self.limits.nonLandmarks) }

    private func finding(_ answer: SearchAnswer, query: QueryFeatures, excluding excluded: ImageID?) throws -> Finding {
        var candidates: [RecognitionCandidate] = []
        var others: [NonLandmarkNeighbor] = []
        for result in answer.results {
            guard let label = labels[result.id], let similarity = Self.similarity(of: result) else { continue }
            let inliers = result.stages["inliers"].map { Int($0) }
            let row = Int(result.id.rawValue)
            switch label {
            case .landmark(let name):
                candidates.append(
                    RecognitionCandidate(row: row, label: name, similarity: similarity, inliers: inliers))
            case .nonLandmark:
                others.append(NonLandmarkNeighbor(row: row, similarity: similarity, inliers: inliers))
            }
        }
        // The nearest of them all, though many labelled images may be nearer.
        let known = Set(others.map(\.row))
        for image in try nearestNonLandmarks(query, excluding: excluded)
        where !known.contains(Int(image.image.rawValue)) {
            others.append(NonLandmarkNeighbor(row: Int(image.image.rawValue), similarity: image.similarity.rawValue))
        }
        others.sort { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row }
        return Finding(
            evidence: try RecognitionEvidence(
                candidates: Array(candidates.prefix(Self.limits.candidates)),
                nonLandmarks: Array(others.prefix(Self.limits.nonLandmarks))),
            answer: answer)
    }

    private func nearestNonLandmarks(_ query: QueryFeatures, excluding excluded: ImageID?) throws -> [ScoredImage] {
        guard let global = searcher.global, !nonLandmarks.isEmpty else { return [] }
        var images = nonLandmarks
        if let excluded { images.remove(excluded) }
        return try global.search(
            query.globalDescriptor, limit: Self.limits.nonLandmarks, filter: .only(images),
            threads: searcher.configuration.threadCount)
    }

    private static func similarity(of result: SearchResult) -> Float? {
        (result.stages["global"] ?? result.stages["asmk"] ?? result.stages["votes"]).map(Float.init)
    }
}
