import Cairn
import CairnCore
import CairnFeatures
import CairnImaging
import Foundation

extension ResultSheet {
    /// Fills a sheet from a search's answer: reads the query and the results' photos again, and reduces them.
    ///
    /// A result whose photo cannot be read any more is left out. Throws `ImagingError` when the query cannot be read.
    public init(_ answer: SearchAnswer, searcher: Searcher) throws {
        let queryPhoto = try SheetPhoto(path: answer.query, limit: SheetImage.matchLimit)
        let images = try searcher.snapshot.images(answer.results.map(\.id))
        let entries = answer.results.compactMap { result -> Entry? in
            guard let image = images[result.id] else { return nil }
            let frame = queryPhoto.details.size.fitted(toLongSide: searcher.featureLongSide)
            return try? Entry(
                result, image: image, queryFrame: frame, threshold: searcher.configuration.verifiedInliers)
        }
        let order = ["extraction", "shortlist", "verification", "expansion", "search"]
        self.init(
            query: Query(path: answer.query, image: queryPhoto.image, details: queryPhoto.details), entries: entries,
            collectionSize: searcher.snapshot.imageCount,
            timings: order.compactMap { name in answer.timings[name].map { Stage(name: name, value: $0) } })
    }
}

extension ResultSheet.Entry {
    fileprivate init(
        _ result: SearchResult, image: CollectionImage, queryFrame: ImageSize, threshold: Int
    ) throws {
        let evidence = result.evidence
        let photo = try SheetPhoto(
            path: result.image, limit: evidence == nil ? SheetImage.thumbnailLimit : SheetImage.matchLimit)
        // Keypoints are in the pixels of the image that was searched; the sheet wants shares of width and height.
        let (from, to) = (queryFrame, image.size)
        let lines = (evidence?.lines ?? []).map {
            ResultSheet.Line(source: .init($0.source, in: from), target: .init($0.target, in: to))
        }
        let models = result.stages.keys.filter { $0.hasPrefix("global.") }.sorted()
        let order =
            ["asmk", "votes", "words", "local_rank", "global"] + models + [
                "global_rank", "matches", "inliers", "expansion",
            ]
        self.init(
            rank: result.rank, path: result.image, thumbnail: try photo.thumbnail(),
            matchImage: evidence == nil ? nil : photo.image, details: photo.details, score: Double(result.score),
            inliers: result.stages["inliers"].map { Int($0) },
            isVerified: result.inliers >= threshold || result.via != nil,
            stages: order.compactMap { name in result.stages[name].map { ResultSheet.Stage(name: name, value: $0) } },
            lines: lines,
            queryRegion: evidence.map { $0.sourceRegion.map { .init($0, in: from) } } ?? [],
            region: evidence.map { $0.targetRegion.map { .init($0, in: to) } } ?? [])
    }
}

extension ResultSheet.Point {
    /// A place in an image as shares of its width and height.
    init(_ point: PixelPoint, in size: ImageSize) {
        self.init(
            x: min(1, max(0, point.x / Double(size.width))), y: min(1, max(0, point.y / Double(size.height))))
    }
}
