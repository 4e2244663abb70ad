import Cairn
import CairnAlgebra
import CairnCore
import CairnDatasets
import CairnImaging
import CairnRecognition

/// Google Landmarks v2 recognition, answered here: with ready descriptors, or with photos through a collection.
public struct LandmarkRecognitionEvaluation: Sendable {
    /// Labelled photos and queries.
    public let benchmark: LandmarkRecognitionBenchmark

    private let training: LandmarkLabels

    /// Candidates that a query's label is chosen among: labelled photos most alike.
    public static let candidates = 100

    /// Joins what a benchmark has. Throws `EvaluationError` where it has no labelled photos.
    public init(_ benchmark: LandmarkRecognitionBenchmark) throws {
        guard let training = benchmark.training, training.count > 0 else {
            throw EvaluationError(
                .invalidArgument, "there are no labelled photos to recognise by; give the folder with train.csv")
        }
        self.benchmark = benchmark
        self.training = training
    }

    /// Recognises by ready descriptors, streaming over the gallery's file.
    ///
    /// - Parameters:
    ///   - gallery: A row for each labelled photo, in the list's order.
    ///   - queries: A row for each query, in the solution's order.
    ///   - configuration: How a label is chosen; nothing may have to be fitted.
    ///   - threads: Threads to work on.
    ///   - monitor: Hears of progress in queries, and may end the search.
    public func predictions(
        gallery: DescriptorFile, queries: DescriptorFile, configuration: RecognizerConfiguration, threads: Int,
        monitor: SearchMonitor = .none
    ) throws -> LandmarkRecognitionPredictions {
        for (file, count, what) in [
            (gallery, training.count, "labelled photos"), (queries, benchmark.solution.queries.count, "queries"),
        ] where file.count != count {
            throw EvaluationError(
                .invalidInput,
                "\(file.name) has \(file.count) rows, and the benchmark \(count) \(what), in its lists’ order")
        }
        let recognizer = try Recognizer(configuration)
        var answers: [LandmarkRecognitionPredictions.Answer] = []
        try NearestRows.search(
            queries: queries, in: gallery, k: Self.candidates, threads: threads, monitor: monitor
        ) { first, found in
            for query in 0..<found.queryCount {
                let (rows, scores) = found.neighbors(of: query)
                let candidates = zip(rows, scores).map { row, score in
                    RecognitionCandidate(row: Int(row), label: "\(training.landmarks[Int(row)])", similarity: score)
                }
                let answer = try recognizer.recognize(RecognitionEvidence(candidates: candidates))
                append(answer, query: first + query, to: &answers)
            }
        }
        return LandmarkRecognitionPredictions(answers: answers)
    }

    /// The labelled photos' paths, in the list's order. Throws where there are no photos.
    public func trainingPaths() throws -> [String] {
        guard let files = benchmark.files else {
            throw EvaluationError(
                .invalidArgument, "the benchmark was read without its photos; give its folder, or ready descriptors")
        }
        return training.images.map { files.path(of: $0, in: .train) }
    }

    /// Recognises by photos, as `cairn recognize` does.
    ///
    /// - Parameters:
    ///   - collection: Holds the labelled photos; their labels are set here.
    ///   - configuration: How evidence is searched for.
    ///   - recognition: How a label is chosen.
    ///   - progress: Gets the number of finished queries. A query that is no usable image gets no answer.
    public func predictions(
        in collection: Gallery, configuration: SearchConfiguration, recognition: RecognizerConfiguration,
        progress: (_ finished: Int) -> Void = { _ in }
    ) async throws -> LandmarkRecognitionPredictions {
        try await label(collection.collection)
        let recognizer = try collection.recognizer(configuration: configuration, uncalibrated: recognition)
        var answers: [LandmarkRecognitionPredictions.Answer] = []
        for (number, query) in benchmark.solution.queries.enumerated() {
            try Task.checkCancellation()
            defer { progress(number + 1) }
            guard let path = benchmark.files?.path(of: query.image, in: .test) else { continue }
            let answer: RecognitionAnswer
            do {
                answer = try await recognizer.recognize(contentsOf: path).answer
            } catch is ImagingError {
                continue
            }
            if let best = answer.candidates.first, let landmark = Int32(best.label) {
                answers.append(
                    .init(query: query.image, landmark: landmark, score: answer.probability ?? best.score))
            }
        }
        return LandmarkRecognitionPredictions(answers: answers)
    }

    private func label(_ collection: ImageCollection) async throws {
        let snapshot = try collection.snapshot()
        var changes = LabelChanges(source: .csv)
        for (path, landmark) in zip(try trainingPaths(), training.landmarks) {
            guard let id = try snapshot.imageID(atPath: path) else { continue }
            try changes.set(.landmark("\(landmark)"), for: id)
        }
        _ = try await collection.apply(changes)
    }

    private func append(
        _ recognition: Recognition, query: Int, to answers: inout [LandmarkRecognitionPredictions.Answer]
    ) {
        guard let best = recognition.best, let landmark = Int32(best.label) else { return }
        answers.append(
            .init(
                query: benchmark.solution.queries[query].image, landmark: landmark,
                score: recognition.probability ?? best.score))
    }
}
