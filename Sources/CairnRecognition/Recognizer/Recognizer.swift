/// Says which landmark a query shows, or that it shows none, from the evidence found for it.
public struct Recognizer: Sendable {
    /// How it decides.
    public let configuration: RecognizerConfiguration

    /// What was fitted; nil when nothing was: then the best label is always accepted, without a probability.
    public let model: RecognizerModel?

    private let scorer: EvidenceScorer

    /// Recognises with what was fitted.
    public init(model: RecognizerModel) throws(RecognitionError) {
        configuration = model.configuration
        self.model = model
        scorer = try EvidenceScorer(
            model.configuration, quantileTransform: model.quantileTransform, reranker: model.reranker)
    }

    /// Recognises with nothing fitted: for ranking labels, not for rejecting.
    ///
    /// - Throws: `RecognitionError` (`invalidArgument`) for a configuration that needs a fitted model, or is out of range.
    public init(_ configuration: RecognizerConfiguration = .geometric) throws(RecognitionError) {
        try configuration.validate()
        guard !configuration.boosted, configuration.normalization == .none else {
            throw RecognitionError(
                .invalidArgument,
                "this recognition uses what must be fitted first; calibrate it on labelled photos, or choose another preset"
            )
        }
        self.configuration = configuration
        model = nil
        scorer = try EvidenceScorer(configuration, quantileTransform: nil, reranker: nil)
    }

    /// What one query shows.
    ///
    /// - Complexity: O(n log n) in its candidates.
    public func recognize(_ evidence: RecognitionEvidence) throws(RecognitionError) -> Recognition {
        try decide(scorer.score(evidence))
    }

    /// What each query shows.
    public func recognize(_ evidences: [RecognitionEvidence]) throws(RecognitionError) -> [Recognition] {
        var recognitions: [Recognition] = []
        recognitions.reserveCapacity(evidences.count)
        for evidence in evidences { try recognitions.append(recognize(evidence)) }
        return recognitions
    }

    /// Adds probability and verdict.
    private func decide(_ scored: Recognition) -> Recognition {
        var recognition = scored
        guard let best = recognition.best else {
            recognition.rejection = .noCandidates
            recognition.probability = model.map { _ in 0 }
            return recognition
        }
        recognition.label = best.label
        guard let model else { return recognition }
        recognition.probability = model.calibration(best.score)
        recognition.threshold = model.rejection.threshold.isFinite ? model.rejection.threshold : nil
        if !model.rejection.accepts(best.score) {
            recognition.label = nil
            recognition.rejection = .belowThreshold
        }
        return recognition
    }
}
