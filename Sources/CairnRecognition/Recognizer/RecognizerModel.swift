/// What recognition learns from queries with known answers: the quantile transform, the boosted re-ranker, the curve from
/// scores to probabilities, and the threshold for the false-accept rate asked for.
public struct RecognizerModel: Sendable {
    /// How queries are scored; the model is for nothing else.
    public let configuration: RecognizerConfiguration

    /// The transform of similarities, where the configuration has one.
    public let quantileTransform: QuantileTransform?

    /// From a score to the probability that the label is right.
    public let calibration: ProbabilityCalibration

    /// The score to exceed.
    public let rejection: RejectionThreshold

    /// The boosted re-ranker, where the configuration has one.
    public let reranker: BoostedReranker?

    /// What it was fitted on: the digest of whatever made the similarities, so that a caller can refuse another.
    public let fittedOn: String

    /// Queries that show a landmark.
    public let landmarkQueries: Int

    /// Queries that show none.
    public let nonLandmarkQueries: Int

    /// Landmark queries whose best label was right.
    public let correctQueries: Int

    /// Fits on queries whose answer is known.
    ///
    /// Where the boosted re-ranker decides, the scores for calibration and threshold come from re-rankers that have not seen
    /// the query's group (`configuration.folds` of them); the one that is kept is trained on all queries.
    ///
    /// - Parameters:
    ///   - queries: with landmarks and without; a query's own image must not be among its candidates.
    ///   - falseAcceptRate: the share of negatives that may be accepted, such as 0.01.
    ///   - fittedOn: the digest of what made the similarities.
    /// - Throws: `RecognitionError` for settings out of range, without negatives, or without a query that has candidates.
    public init(
        fitting queries: [LabelledEvidence], configuration: RecognizerConfiguration = .geometric,
        falseAcceptRate: Double,
        boosting: BoostingParameters = .init(), fittedOn: String
    ) throws(RecognitionError) {
        try configuration.validate()
        var transform: QuantileTransform?
        if configuration.normalization != .none, !configuration.boosted {
            let similarities = queries.flatMap { $0.evidence.candidates.map { Double($0.similarity) } }
            transform = try QuantileTransform(
                fittedOn: similarities, output: configuration.normalization == .normal ? .normal : .uniform)
        }
        let scored: [Recognition]
        if configuration.boosted {
            scored = try Self.heldOutScores(queries, configuration: configuration, boosting: boosting)
            reranker = try BoostedReranker(training: queries, parameters: boosting)
        } else {
            let scorer = try EvidenceScorer(configuration, quantileTransform: transform, reranker: nil)
            scored = try Self.scores(queries, with: scorer)
            reranker = nil
        }
        let outcomes = zip(queries, scored).map { query, recognition in
            Outcome(
                score: recognition.best?.score,
                isCorrect: recognition.best.map { query.isCorrect($0.label) } ?? false,
                isLandmark: query.truth != .nonLandmark)
        }
        let answered = outcomes.compactMap { outcome in outcome.score.map { (score: $0, isCorrect: outcome.isCorrect) }
        }
        guard !answered.isEmpty else {
            throw RecognitionError(
                .invalidArgument,
                "none of the \(queries.count) queries has a labelled candidate; label some photos first")
        }
        let negatives = outcomes.filter {
            !$0.isLandmark || (configuration.negatives == .allWrong && !$0.isCorrect)
        }
        self.configuration = configuration
        self.fittedOn = fittedOn
        quantileTransform = transform
        calibration = try ProbabilityCalibration(
            scores: answered.map(\.score), correct: answered.map(\.isCorrect), method: configuration.calibration)
        rejection = try RejectionThreshold(
            negatives: negatives.map { $0.score ?? -.infinity }, falseAcceptRate: falseAcceptRate,
            rule: configuration.rejection)
        landmarkQueries = outcomes.count(where: \.isLandmark)
        nonLandmarkQueries = outcomes.count - landmarkQueries
        correctQueries = outcomes.count(where: \.isCorrect)
    }

    /// Takes what was read from a file and checked.
    init(
        configuration: RecognizerConfiguration, quantileTransform: QuantileTransform?,
        calibration: ProbabilityCalibration, rejection: RejectionThreshold, reranker: BoostedReranker?,
        fittedOn: String, counts: (landmarks: Int, nonLandmarks: Int, correct: Int)
    ) {
        self.configuration = configuration
        self.quantileTransform = quantileTransform
        self.calibration = calibration
        self.rejection = rejection
        self.reranker = reranker
        self.fittedOn = fittedOn
        landmarkQueries = counts.landmarks
        nonLandmarkQueries = counts.nonLandmarks
        correctQueries = counts.correct
    }

    /// Throws `RecognitionError` (`conflict`) unless the model was fitted on what has this digest.
    public func requireFitted(on digest: String) throws(RecognitionError) {
        guard digest == fittedOn else {
            throw RecognitionError(
                .conflict,
                "recognition was calibrated on “\(fittedOn.prefix(40))”, and this is “\(digest.prefix(40))”; calibrate it again"
            )
        }
    }

    /// One query's part in fitting.
    private struct Outcome {
        /// The best label's score; nil without candidates.
        var score: Double?
        var isCorrect: Bool
        var isLandmark: Bool
    }

    private static func scores(
        _ queries: [LabelledEvidence], with scorer: EvidenceScorer
    ) throws(RecognitionError) -> [Recognition] {
        var scored: [Recognition] = []
        for query in queries { try scored.append(scorer.score(query.evidence)) }
        return scored
    }

    /// Each query scored by a re-ranker that has not seen its group.
    private static func heldOutScores(
        _ queries: [LabelledEvidence], configuration: RecognizerConfiguration, boosting: BoostingParameters
    ) throws(RecognitionError) -> [Recognition] {
        let folds = try GroupedFolds(
            groups: queries.map(\.group), count: configuration.folds, seed: UInt64(configuration.seed))
        var scored = [Recognition?](repeating: nil, count: queries.count)
        for fold in 0..<folds.count {
            let (training, held) = folds.split(fold)
            let reranker = try BoostedReranker(training: training.map { queries[$0] }, parameters: boosting)
            let scorer = try EvidenceScorer(configuration, quantileTransform: nil, reranker: reranker)
            for place in held { scored[place] = try scorer.score(queries[place].evidence) }
        }
        return scored.compactMap { $0 }
    }
}

extension RecognizerModel {
    /// Recognises each query with a model that was fitted without its group, threshold and boosting included: what to measure
    /// with. With the boosted re-ranker this is nested cross-validation.
    ///
    /// - Returns: a recognition for each query, in their order.
    /// - Throws: as fitting, and `invalidArgument` for fewer than two groups.
    public static func crossValidated(
        _ queries: [LabelledEvidence], configuration: RecognizerConfiguration = .geometric, falseAcceptRate: Double,
        boosting: BoostingParameters = .init(), folds count: Int = 5
    ) throws(RecognitionError) -> [Recognition] {
        // Another deal than that of the folds within: the same seed would repeat it.
        let folds = try GroupedFolds(
            groups: queries.map(\.group), count: count, seed: UInt64(max(0, configuration.seed)) &+ 0x5EED)
        var recognitions = [Recognition?](repeating: nil, count: queries.count)
        for fold in 0..<folds.count {
            let (training, held) = folds.split(fold)
            let model = try RecognizerModel(
                fitting: training.map { queries[$0] }, configuration: configuration, falseAcceptRate: falseAcceptRate,
                boosting: boosting, fittedOn: "fold \(fold)")
            let recognizer = try Recognizer(model: model)
            for place in held { recognitions[place] = try recognizer.recognize(queries[place].evidence) }
        }
        return recognitions.compactMap { $0 }
    }
}
