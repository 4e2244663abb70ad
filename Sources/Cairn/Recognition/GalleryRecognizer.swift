import CairnCore
import CairnImaging
import CairnRecognition

/// Says which of a collection's landmarks a photo shows, or that it shows none.
///
/// ```swift
/// let recognizer = try gallery.recognizer()
/// let answer = try await recognizer.recognize(contentsOf: "query.jpg")
/// print(answer.label ?? "none of these", answer.probability ?? .nan)
/// ```
public struct GalleryRecognizer: Sendable {
    /// What finds the evidence.
    public let search: RecognitionSearch

    /// What decides.
    public let recognizer: Recognizer

    private let landmarks: [String: LandmarkSummary]

    /// Labels that an answer lists, and images for each of them, at most.
    private static let limits = (labels: 5, images: 5)

    init(search: RecognitionSearch, recognizer: Recognizer) throws {
        self.search = search
        self.recognizer = recognizer
        let summaries = try search.searcher.snapshot.landmarks()
        landmarks = Dictionary(summaries.map { ($0.name, $0) }) { first, _ in first }
    }

    /// What a photo shows.
    ///
    /// - Throws: `ImagingError` when it is not a usable image.
    public func recognize(contentsOf path: String) async throws -> (answer: RecognitionAnswer, search: SearchAnswer) {
        let clock = Stopwatch()
        let finding = try await search.finding(contentsOf: path)
        let recognition = try recognizer.recognize(finding.evidence)
        var answer = try describe(recognition, finding, query: path)
        answer.queryPlace = (try? ImageDecoder().metadata(contentsOf: path))?.position
        answer.timings = finding.answer.timings
        answer.timings["recognition"] = clock.milliseconds
        return (answer, finding.answer)
    }

    private func describe(
        _ recognition: Recognition, _ finding: RecognitionSearch.Finding, query: String
    ) throws -> RecognitionAnswer {
        let shown = recognition.labels.prefix(Self.limits.labels)
        let rows = shown.flatMap { $0.rows.prefix(Self.limits.images) }
        let others = finding.evidence.nonLandmarks.prefix(Self.limits.images)
        let images = try search.searcher.snapshot.images((rows + others.map(\.row)).map { ImageID(UInt32($0)) })
        let found = Dictionary(uniqueKeysWithValues: finding.evidence.candidates.map { ($0.row, $0) })
        func photo(_ row: Int, _ label: String?, _ similarity: Float, _ inliers: Int?) -> RecognitionAnswer.Photo? {
            guard let image = images[ImageID(UInt32(row))], let path = image.paths.first else { return nil }
            return RecognitionAnswer.Photo(
                id: image.id, path: path, label: label, similarity: similarity, inliers: inliers, place: image.place)
        }
        let best = recognition.label.flatMap { landmarks[$0] }
        let model = recognizer.model
        return RecognitionAnswer(
            query: query, label: recognition.label, title: best?.title, probability: recognition.probability,
            threshold: recognition.threshold, falseAcceptRate: model?.rejection.askedRate,
            rejection: recognition.rejection, place: best?.place, penalty: recognition.penalty,
            nonLandmarkProbability: recognition.nonLandmarkProbability,
            otherLandmarkProbability: recognition.otherLandmarkProbability,
            candidates: shown.map {
                RecognitionAnswer.Candidate(
                    label: $0.label, title: landmarks[$0.label]?.title, score: $0.score, parts: $0,
                    place: landmarks[$0.label]?.place)
            },
            evidence: rows.compactMap { row in
                found[row].flatMap { photo(row, $0.label, $0.similarity, $0.inliers) }
            },
            nonLandmarks: others.compactMap { photo($0.row, nil, $0.similarity, $0.inliers) }, timings: [:],
            thresholdProbability: recognition.threshold.flatMap { model?.calibration($0) })
    }
}
