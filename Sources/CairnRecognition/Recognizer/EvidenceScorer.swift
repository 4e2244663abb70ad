/// Scores the labels of a query's evidence; nothing about probabilities or thresholds.
struct EvidenceScorer: Sendable {
    private let vote: any LabelVote
    private let suppression: NonLandmarkSuppression?
    private let geometry: GeometricEvidence?
    private let quantileTransform: QuantileTransform?
    private let reranker: BoostedReranker?

    init(
        _ configuration: RecognizerConfiguration, quantileTransform: QuantileTransform?, reranker: BoostedReranker?
    ) throws(RecognitionError) {
        vote = try configuration.makeVote()
        suppression = try configuration.makeSuppression()
        geometry = try configuration.makeGeometry()
        self.quantileTransform = quantileTransform
        self.reranker = reranker
    }

    /// The labels with their scores and parts, no verdict yet.
    func score(_ evidence: RecognitionEvidence) throws(RecognitionError) -> Recognition {
        let nearest = evidence.nonLandmarks.first?.similarity
        if let reranker {
            let prediction = try reranker.predict(evidence)
            return Recognition(
                score: prediction.labels.first?.score, penalty: 0, nonLandmarkSimilarity: nearest,
                nonLandmarkProbability: prediction.nonLandmark, otherLandmarkProbability: prediction.otherLandmark,
                labels: labels(
                    prediction.labels, measured: evidence, used: evidence, scores: prediction.labels.map(\.score)))
        }
        var used = evidence
        if let quantileTransform { used = try evidence.mapSimilarities { quantileTransform(Double($0)) } }
        let ranked = vote.rank(used.candidates, strengths: geometry?.strengths(used.candidates))
        let others = geometry?.strengths(used.nonLandmarks) ?? used.nonLandmarks.map { Double($0.similarity) }
        let penalty = suppression?.penalty(others) ?? 0
        let votes = ranked.map { LabelScore(label: $0.label, score: vote.strength(ofScore: $0.score), rows: $0.rows) }
        let scores = votes.map { suppression?.suppressed($0.score, penalty: penalty) ?? $0.score }
        return Recognition(
            score: scores.first, penalty: penalty, nonLandmarkSimilarity: nearest,
            labels: labels(votes, measured: evidence, used: used, scores: scores))
    }

    private func labels(
        _ votes: [LabelScore], measured: RecognitionEvidence, used: RecognitionEvidence, scores: [Double]
    ) -> [Recognition.Label] {
        let candidates = Dictionary(measured.candidates.map { ($0.row, $0) }, uniquingKeysWith: { first, _ in first })
        let strengthened = Dictionary(used.candidates.map { ($0.row, $0) }, uniquingKeysWith: { first, _ in first })
        return zip(votes, scores).map { vote, score in
            let own = vote.rows.compactMap { candidates[$0] }
            let best = vote.rows.first.flatMap { strengthened[$0] }
            return Recognition.Label(
                label: vote.label, score: score, vote: vote.score, similarity: own.map(\.similarity).max() ?? 0,
                inliers: own.compactMap(\.inliers).max(),
                geometry: best.flatMap { best in
                    geometry.map {
                        $0.strength(similarity: Double(best.similarity), inliers: best.inliers)
                            - Double(best.similarity)
                    }
                } ?? 0,
                rows: vote.rows)
        }
    }
}
