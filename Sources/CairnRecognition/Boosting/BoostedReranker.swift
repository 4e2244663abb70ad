/// The gradient-boosted re-ranker: from a query's evidence the probabilities of seven classes, 0-4 that this one of the first
/// five candidates is right, 5 that the photo shows no landmark, 6 that it shows a landmark that is none of the five.
///
/// Source: the gold-medal solution of Google Landmark Recognition 2021, which trains LightGBM on these classes. Where several of
/// the five are right, the first of them is the class; a label's probability is the sum over its candidates.
public struct BoostedReranker: Sendable {
    /// What a query turned out to be.
    public struct Prediction: Sendable, Hashable {
        /// The labels of the first five candidates with their probabilities and rows, most probable first.
        public var labels: [LabelScore]
        /// The probability that the photo shows no landmark.
        public var nonLandmark: Double
        /// The probability that it shows a landmark that is none of the five.
        public var otherLandmark: Double
        /// The seven probabilities as they came, candidate by candidate.
        public var classes: [Double]

        /// The most probable label; nil when “no landmark” or “another landmark” is more probable than any.
        public var best: LabelScore? {
            labels.first.flatMap { $0.score > max(nonLandmark, otherLandmark) ? $0 : nil }
        }
    }

    /// Seven.
    public static let classCount = BoostingFeatures.candidateCount + 2
    static let nonLandmarkClass = BoostingFeatures.candidateCount
    static let otherLandmarkClass = BoostingFeatures.candidateCount + 1

    /// The trees.
    public let boosting: GradientBoosting

    /// How they were grown.
    public let parameters: BoostingParameters

    /// How many training queries each class had.
    public let classCounts: [Int]

    /// Trains on queries whose answer is known.
    ///
    /// - Throws: `RecognitionError` without queries, or when all are of one class, and as `GradientBoosting`.
    public init(
        training queries: [LabelledEvidence], parameters: BoostingParameters = .init()
    ) throws(RecognitionError) {
        let classes = queries.map(Self.trueClass)
        classCounts = (0..<Self.classCount).map { kind in classes.count(where: { $0 == kind }) }
        guard classCounts.count(where: { $0 > 0 }) >= 2 else {
            throw RecognitionError(
                .invalidArgument,
                "\(queries.count) training queries with \(Set(classes).count) kinds of answer teach nothing; give some whose "
                    + "first candidate is right, and some without a landmark")
        }
        boosting = try GradientBoosting(
            training: queries.flatMap { BoostingFeatures.values(for: $0.evidence) }, labels: classes,
            classes: Self.classCount, features: BoostingFeatures.names, parameters: parameters)
        self.parameters = parameters
    }

    /// Takes what was read from a file and checked.
    init(boosting: GradientBoosting, parameters: BoostingParameters, classCounts: [Int]) {
        self.boosting = boosting
        self.parameters = parameters
        self.classCounts = classCounts
    }

    /// The class of a query.
    public static func trueClass(_ query: LabelledEvidence) -> Int {
        switch query.truth {
        case .nonLandmark: nonLandmarkClass
        case .landmark(let label):
            BoostingFeatures.candidates(of: query.evidence).firstIndex { $0.label == label } ?? otherLandmarkClass
        }
    }

    /// What a query shows.
    public func predict(_ evidence: RecognitionEvidence) throws(RecognitionError) -> Prediction {
        try predict([evidence])[0]
    }

    /// What each query shows; together faster than one by one.
    public func predict(_ evidences: [RecognitionEvidence]) throws(RecognitionError) -> [Prediction] {
        let probabilities = try boosting.predict(evidences.flatMap(BoostingFeatures.values))
        let scoring = BoostedVote()
        return evidences.enumerated().map { place, evidence in
            let classes = Array(probabilities[place * Self.classCount..<(place + 1) * Self.classCount])
            let candidates = BoostingFeatures.candidates(of: evidence)
            return Prediction(
                labels: scoring.rank(candidates, strengths: Array(classes.prefix(candidates.count))),
                nonLandmark: classes[Self.nonLandmarkClass], otherLandmark: classes[Self.otherLandmarkClass],
                classes: classes)
        }
    }
}

/// A label is as probable as its candidates together.
private struct BoostedVote: LabelVote {
    func score(_ strengths: [Double]) -> Double { strengths.reduce(0, +) }
}
