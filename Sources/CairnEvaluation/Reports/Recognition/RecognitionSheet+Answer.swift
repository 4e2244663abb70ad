import Cairn
import CairnCore
import CairnImaging

extension RecognitionSheet {
    /// Fills a sheet from an answer: reads the query and the evidence's photos again, and reduces them.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - search: The search behind it, for inlier lines.
    ///   - recognizer: What gave it.
    ///   - tiles: Where a map gets its pictures; `nil` for none.
    /// - Throws: `ImagingError` when the query cannot be read.
    public init(
        _ answer: RecognitionAnswer, search: SearchAnswer, recognizer: GalleryRecognizer, tiles: MapTiles?
    ) throws {
        let photo = try SheetPhoto(path: answer.query, limit: SheetImage.matchLimit)
        let searcher = recognizer.search.searcher
        let frame = photo.details.size.fitted(toLongSide: searcher.featureLongSide)
        let images = try searcher.snapshot.images((answer.evidence + answer.nonLandmarks).map(\.id))
        let results = Dictionary(search.results.map { ($0.id, $0) }) { first, _ in first }
        let titles = Dictionary(answer.candidates.map { ($0.label, $0.title ?? $0.label) }) { first, _ in first }
        func shown(_ photos: [RecognitionAnswer.Photo]) -> [EvidencePhoto] {
            photos.map {
                EvidencePhoto(
                    $0, label: $0.label.map { titles[$0] ?? $0 } ?? "", image: images[$0.id], result: results[$0.id],
                    queryFrame: frame,
                    threshold: searcher.configuration.verifiedInliers)
            }
        }
        let places = try MapPlace.places(of: answer)
        let labels = recognizer.search.labels.values.compactMap(\.landmarkName)
        self.init(
            query: ResultSheet.Query(path: answer.query, image: photo.image, details: photo.details),
            answer: Answer(answer), evidence: shown(answer.evidence),
            nonLandmarks: answer.penalty > 0 ? shown(answer.nonLandmarks) : [],
            map: places.isEmpty ? nil : MapView(places: places, tiles: tiles),
            gallery: Gallery(images: labels.count, labels: Set(labels).count),
            timings: ["shortlist", "verification", "expansion", "recognition"].compactMap { name in
                answer.timings[name].map { ResultSheet.Stage(name: name, value: $0) }
            })
    }
}

extension RecognitionSheet.Answer {
    fileprivate init(_ answer: RecognitionAnswer) {
        self.init(
            label: answer.label.map { answer.title ?? $0 }, probability: answer.probability,
            threshold: answer.thresholdProbability, falseAcceptRate: answer.falseAcceptRate,
            candidates: answer.candidates.enumerated().map { place, candidate in
                var parts = [
                    RecognitionSheet.Part(name: "votes", value: candidate.parts.vote - candidate.parts.geometry)
                ]
                if candidate.parts.inliers != nil {
                    parts.append(RecognitionSheet.Part(name: "inliers", value: candidate.parts.geometry))
                }
                if answer.penalty > 0 {
                    parts.append(
                        RecognitionSheet.Part(name: "non-landmarks", value: candidate.score - candidate.parts.vote))
                }
                return RecognitionSheet.LabelScore(
                    label: candidate.title ?? candidate.label, score: candidate.score,
                    probability: place == 0 ? answer.probability : nil, parts: parts)
            })
    }
}

extension RecognitionAnswer {
    /// What made up a candidate's score. Boosted trees have no parts: their own probabilities stand side by side.
    fileprivate func parts(of candidate: Candidate) -> [RecognitionSheet.Part] {
        typealias Part = RecognitionSheet.Part
        if let nonLandmarkProbability {
            return [
                Part(name: "boosted", value: candidate.score), Part(name: "no landmark", value: nonLandmarkProbability),
                Part(name: "another one", value: otherLandmarkProbability ?? 0),
            ]
        }
        let (vote, geometry) = (candidate.parts.vote, candidate.parts.geometry)
        var parts = [Part(name: "votes", value: vote - geometry)]
        if candidate.parts.inliers != nil { parts.append(Part(name: "inliers", value: geometry)) }
        if penalty > 0 { parts.append(Part(name: "non-landmarks", value: candidate.score - vote)) }
        return parts
    }
}

extension RecognitionSheet.EvidencePhoto {
    fileprivate init(
        _ photo: RecognitionAnswer.Photo, label: String, image: CollectionImage?, result: SearchResult?,
        queryFrame: ImageSize,
        threshold: Int
    ) {
        let evidence = result?.evidence
        let limit = evidence == nil ? SheetImage.thumbnailLimit : SheetImage.matchLimit
        let picture = try? SheetPhoto(path: photo.path, limit: limit)
        let frame = image?.size ?? queryFrame
        self.init(
            path: photo.path, label: label, thumbnail: try? picture?.thumbnail(),
            matchImage: evidence == nil ? nil : picture?.image, similarity: Double(photo.similarity),
            inliers: photo.inliers, isVerified: (photo.inliers ?? 0) >= threshold,
            lines: (evidence?.lines ?? []).map {
                ResultSheet.Line(source: .init($0.source, in: queryFrame), target: .init($0.target, in: frame))
            },
            queryRegion: evidence?.sourceRegion.map { .init($0, in: queryFrame) } ?? [],
            region: evidence?.targetRegion.map { .init($0, in: frame) } ?? [])
    }
}

extension MapPlace {
    /// Where an answer's query, landmark and evidence are, as far as that is known.
    public static func places(of answer: RecognitionAnswer) throws -> [MapPlace] {
        var places: [MapPlace] = []
        let name = answer.label.map { answer.title ?? $0 }
        if let place = answer.queryPlace {
            places.append(
                try MapPlace(
                    .query, label: name ?? "None of these", latitude: place.latitude, longitude: place.longitude,
                    probability: answer.probability, imagePath: answer.query,
                    thumbnail: try? SheetImage(photo: answer.query)))
        }
        guard let name else { return places }
        if let place = answer.place {
            places.append(
                try MapPlace(
                    .answer, label: name, latitude: place.latitude, longitude: place.longitude,
                    probability: answer.probability, imagePath: answer.query,
                    thumbnail: try? SheetImage(photo: answer.query)))
        }
        for photo in answer.evidence where photo.label == answer.label {
            guard let place = photo.place else { continue }
            places.append(
                try MapPlace(
                    .evidence, label: name, latitude: place.latitude, longitude: place.longitude,
                    imagePath: photo.path, thumbnail: try? SheetImage(photo: photo.path),
                    note: photo.inliers.map { "\($0) inliers" }))
        }
        return places
    }
}
