import Cairn
import CairnCore
import CairnImaging
import CairnRecipes
import CairnRecognition

/// What recognition said of every query.
struct RecipeRecognitions: Sendable, Codable {
    /// One query's answer.
    struct Answer: Sendable, Codable {
        /// The query's name in the data set.
        var id: String
        /// The best label, accepted or not.
        var label: String?
        /// How sure it is: a probability where one was fitted, else the score.
        var confidence: Double
        /// Whether it was accepted.
        var isAccepted: Bool
    }

    /// In the order of queries.
    var answers: [Answer]
    /// How well that was.
    var figures: RecognitionFigures
}

/// Recognises a recipe's queries by the labels of its gallery.
struct RecipeRecognizer {
    let recognition: RecipeRecognition
    let photos: RecipePhotos
    let search: RecognitionSearch
    let falseAcceptRate: Double

    /// Labelled photos that recognition is fitted on, at most.
    static let maximumFitted = 5_000
    /// Groups of landmarks that are held out one after the other.
    static let folds = 5

    /// Queries and what they are called.
    private typealias Queries = [(id: String, evidence: LabelledEvidence)]

    /// Recognises: where queries are of the gallery, every labelled photo of it by the others, with what was fitted on other landmarks;
    /// else the queries, with what was fitted on the gallery.
    func recognize(
        notes: inout [String], progress: (_ done: Int, _ total: Int) -> Void
    ) async throws -> RecipeRecognitions {
        let configuration = recognition.configuration
        let needsFitting = configuration.boosted || configuration.normalization != .none
        let known = photos.leavesOneOut ? try await leaveOneOut(limit: .max, progress) : try await given(progress)
        let fitted =
            photos.leavesOneOut ? known : try await leaveOneOut(limit: Self.maximumFitted, progress)
        guard !known.isEmpty else {
            throw EvaluationError(.invalidInput, "no query could be looked at, so nothing was recognised")
        }
        let negatives = fitted.count { $0.evidence.truth == .nonLandmark }
        let canFit = negatives > 0 || configuration.negatives == .allWrong
        guard canFit || !needsFitting else {
            throw EvaluationError(
                .invalidInput,
                "recognition is fitted on photos that show no landmark, too, and there are none here; put some into _distractor/"
            )
        }
        let queries = known.map(\.evidence)
        let answers: [Recognition]
        if !canFit {
            notes.append("There are no photos of no landmark: no threshold is fitted, and confidences are scores.")
            answers = try Recognizer(configuration).recognize(queries.map(\.evidence))
        } else if photos.leavesOneOut {
            let groups = Set(queries.map(\.group)).count
            answers = try RecognizerModel.crossValidated(
                queries, configuration: configuration, falseAcceptRate: falseAcceptRate,
                boosting: recognition.boosting ?? BoostingParameters(), folds: min(Self.folds, groups))
            notes.append(
                "Recognition is fitted on some landmarks and measured on others, in \(min(Self.folds, groups)) folds, every photo recognised by all others."
            )
        } else {
            let model = try RecognizerModel(
                fitting: fitted.map(\.evidence), configuration: configuration, falseAcceptRate: falseAcceptRate,
                boosting: recognition.boosting ?? BoostingParameters(), fittedOn: search.digest)
            answers = try Recognizer(model: model).recognize(queries.map(\.evidence))
        }
        return RecipeRecognitions(
            answers: zip(known, answers).map { query, answer in
                RecipeRecognitions.Answer(
                    id: query.id, label: answer.best?.label, confidence: answer.probability ?? answer.best?.score ?? 0,
                    isAccepted: answer.label != nil)
            }, figures: RecognitionFigures(answers, of: queries))
    }

    /// Every labelled photo of the gallery, as though the collection did not have it.
    private func leaveOneOut(limit: Int, _ progress: (_ done: Int, _ total: Int) -> Void) async throws -> Queries {
        let names = Dictionary(
            photos.benchmark.gallery.compactMap { image in image.path.map { ($0, image.id) } },
            uniquingKeysWith: { first, _ in first })
        let all = search.labels.sorted { $0.key < $1.key }
        let count = min(limit, all.count)
        var queries: Queries = []
        for place in 0..<count {
            try Task.checkCancellation()
            progress(place, count)
            let (image, label) = all[place * all.count / count]
            guard let finding = try await search.finding(leavingOut: image) else { continue }
            queries.append(
                (
                    names[finding.answer.query] ?? finding.answer.query,
                    LabelledEvidence(
                        try shortened(finding.evidence),
                        truth: label.landmarkName.map { .landmark($0) } ?? .nonLandmark,
                        identity: Int(image.rawValue))
                ))
        }
        progress(count, count)
        return queries
    }

    /// The benchmark's own queries.
    private func given(_ progress: (_ done: Int, _ total: Int) -> Void) async throws -> Queries {
        var queries: Queries = []
        for (number, query) in photos.benchmark.queries.enumerated() {
            try Task.checkCancellation()
            progress(number, photos.benchmark.queries.count)
            guard let path = query.image.path, let truth = photos.queries[number] else { continue }
            // A query that is no usable image gets no answer, and its landmark counts as not recognised.
            let found: RecognitionEvidence?
            do {
                found = try await search.finding(contentsOf: path).evidence
            } catch is ImagingError {
                found = nil
            }
            queries.append(
                (
                    query.image.id,
                    LabelledEvidence(
                        try shortened(found ?? RecognitionEvidence(candidates: [])), truth: truth.recognized,
                        identity: number)
                ))
        }
        return queries
    }

    /// The recipe's number of candidates.
    private func shortened(_ evidence: RecognitionEvidence) throws -> RecognitionEvidence {
        try RecognitionEvidence(
            candidates: Array(evidence.candidates.prefix(recognition.candidates)),
            nonLandmarks: evidence.nonLandmarks)
    }
}

extension RecipeRecognitions {
    /// `id,landmarks`: the best label and its confidence, as the contests took them; nothing for a query without a candidate.
    var table: String {
        answers.reduce(into: "id,landmarks\n") { text, answer in
            let cell = answer.label.map { "\($0) \(answer.confidence)" } ?? ""
            text += "\(answer.id.csvCell),\(cell.csvCell)\n"
        }
    }
}
