import CairnCore

/// How a label is chosen from a query's evidence, and when it is believed.
public struct RecognizerConfiguration: Sendable, Codable, Hashable {
    /// How a label's candidates become its score.
    public enum Vote: String, Sendable, Codable, CaseIterable {
        /// The nearest candidate decides.
        case nearest
        /// `Σ s^votePower` over `voteCount` candidates.
        case soft
        /// The mean of `voteCount` candidates.
        case mean
        /// The sum of `voteCount` candidates.
        case sum
    }

    /// What similarities are made into before anything else.
    public enum Normalization: String, Sendable, Codable, CaseIterable {
        /// Nothing.
        case none
        /// Their quantile, 0...1, fitted with the model.
        case uniform
        /// The normal score of their quantile, fitted with the model. Not with soft voting, which is for positive numbers.
        case normal
    }

    /// How similarity to non-landmarks lowers the score.
    public enum Suppression: String, Sendable, Codable, CaseIterable {
        /// Not at all.
        case none
        /// `NonLandmarkSuppression.Form.subtract`.
        case subtract
        /// `NonLandmarkSuppression.Form.scale`.
        case scale
    }

    /// How inliers strengthen a candidate.
    public enum Geometry: String, Sendable, Codable, CaseIterable {
        /// Not at all.
        case none
        /// `GeometricEvidence.Form.add`.
        case add
        /// `GeometricEvidence.Form.multiply`.
        case multiply
    }

    /// Which queries a threshold is chosen on.
    public enum Negatives: String, Sendable, Codable, CaseIterable {
        /// Those that show no landmark.
        case nonLandmarks
        /// Also those that show a landmark, where the best label is wrong.
        case allWrong
    }

    /// How a label's candidates become its score.
    public var vote: Vote
    /// Candidates of a label that vote.
    public var voteCount: Int
    /// The power of soft voting.
    public var votePower: Double
    /// Candidates of all labels together that may vote; nil for all.
    public var votePool: Int?
    /// What similarities are made into first.
    public var normalization: Normalization
    /// How similarity to non-landmarks lowers the score.
    public var suppression: Suppression
    /// Nearest non-landmarks that count.
    public var suppressionCount: Int
    /// How strongly they count.
    public var suppressionWeight: Double
    /// How inliers strengthen a candidate.
    public var geometry: Geometry
    /// Inliers beyond this change nothing.
    public var inlierCap: Int
    /// How strongly inliers count.
    public var geometryWeight: Double
    /// Whether the boosted re-ranker decides. It sees votes, inliers and non-landmarks itself: the settings above then do
    /// not matter.
    public var boosted: Bool
    /// How probabilities are fitted.
    public var calibration: ProbabilityCalibration.Method
    /// How the threshold is chosen.
    public var rejection: RejectionThreshold.Rule
    /// Which queries it is chosen on.
    public var negatives: Negatives
    /// Folds in which the boosted re-ranker's scores are made for calibration.
    public var folds: Int
    /// The start of the random numbers that deal out folds.
    public var seed: Int

    /// Sets what differs from `.geometric`.
    public init(
        vote: Vote = .soft, voteCount: Int = 5, votePower: Double = 8, votePool: Int? = nil,
        normalization: Normalization = .none, suppression: Suppression = .subtract, suppressionCount: Int = 5,
        suppressionWeight: Double = 1, geometry: Geometry = .add, inlierCap: Int = 35, geometryWeight: Double = 1,
        boosted: Bool = false, calibration: ProbabilityCalibration.Method = .automatic,
        rejection: RejectionThreshold.Rule = .conformal, negatives: Negatives = .nonLandmarks, folds: Int = 5,
        seed: Int = 1
    ) {
        self.vote = vote
        self.voteCount = voteCount
        self.votePower = votePower
        self.votePool = votePool
        self.normalization = normalization
        self.suppression = suppression
        self.suppressionCount = suppressionCount
        self.suppressionWeight = suppressionWeight
        self.geometry = geometry
        self.inlierCap = inlierCap
        self.geometryWeight = geometryWeight
        self.boosted = boosted
        self.calibration = calibration
        self.rejection = rejection
        self.negatives = negatives
        self.folds = folds
        self.seed = seed
    }

    /// The label of the most similar image.
    public static let nearest = RecognizerConfiguration(vote: .nearest, suppression: .none, geometry: .none)

    /// `Σ s^8` over the top five of each label.
    public static let softVoting = RecognizerConfiguration(suppression: .none, geometry: .none)

    /// Soft voting, lowered by similarity to non-landmarks.
    public static let suppressed = RecognizerConfiguration(geometry: .none)

    /// Soft voting on similarity and inliers together, lowered by non-landmarks. The default; without inliers it is
    /// `suppressed`.
    public static let geometric = RecognizerConfiguration()

    /// The boosted re-ranker. Needs a fitted model.
    public static let boosted = RecognizerConfiguration(boosted: true)

    /// The presets by name, plainest first.
    public static let presets: [(name: String, configuration: RecognizerConfiguration)] = [
        ("nearest", .nearest), ("softVoting", .softVoting), ("suppressed", .suppressed), ("geometric", .geometric),
        ("boosted", .boosted),
    ]

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case vote, voteCount, votePower, votePool, normalization, suppression, suppressionCount, suppressionWeight
        case geometry, inlierCap, geometryWeight, boosted, calibration, rejection, negatives, folds, seed
    }

    /// Reads a configuration; a missing key keeps its default, an unknown one is an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "recognition")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, _ standard: Value) throws -> Value {
            try values.decodeIfPresent(Value.self, forKey: key) ?? standard
        }
        let standard = RecognizerConfiguration.geometric
        vote = try value(.vote, standard.vote)
        voteCount = try value(.voteCount, standard.voteCount)
        votePower = try value(.votePower, standard.votePower)
        votePool = try values.decodeIfPresent(Int.self, forKey: .votePool)
        normalization = try value(.normalization, standard.normalization)
        suppression = try value(.suppression, standard.suppression)
        suppressionCount = try value(.suppressionCount, standard.suppressionCount)
        suppressionWeight = try value(.suppressionWeight, standard.suppressionWeight)
        geometry = try value(.geometry, standard.geometry)
        inlierCap = try value(.inlierCap, standard.inlierCap)
        geometryWeight = try value(.geometryWeight, standard.geometryWeight)
        boosted = try value(.boosted, standard.boosted)
        calibration = try value(.calibration, standard.calibration)
        rejection = try value(.rejection, standard.rejection)
        negatives = try value(.negatives, standard.negatives)
        folds = try value(.folds, standard.folds)
        seed = try value(.seed, standard.seed)
    }

    /// Throws `RecognitionError` unless every setting is in its range and they go together.
    public func validate() throws(RecognitionError) {
        _ = try makeVote()
        _ = try makeSuppression()
        _ = try makeGeometry()
        guard (2...100).contains(folds), seed >= 0, (votePool ?? 1) >= 1 else {
            throw RecognitionError(
                .invalidArgument,
                "recognition needs 2 to 100 folds, a seed from 0 and a pool of at least 1, not \(folds), \(seed) and \(votePool ?? 0)"
            )
        }
        guard !(vote == .soft && normalization == .normal && !boosted) else {
            throw RecognitionError(
                .invalidArgument,
                "soft voting is for positive numbers, and normal scores are not; use the uniform normalization or another vote"
            )
        }
    }

    /// The vote.
    func makeVote() throws(RecognitionError) -> any LabelVote {
        switch vote {
        case .nearest: NearestNeighborVote()
        case .soft: try SoftVoting(count: voteCount, power: votePower, pool: votePool)
        case .mean: try ClassAggregation(.mean, count: voteCount)
        case .sum: try ClassAggregation(.sum, count: voteCount)
        }
    }

    /// The suppression, where there is one.
    func makeSuppression() throws(RecognitionError) -> NonLandmarkSuppression? {
        let form: NonLandmarkSuppression.Form
        switch suppression {
        case .none: return nil
        case .subtract: form = .subtract
        case .scale: form = .scale
        }
        return try NonLandmarkSuppression(count: suppressionCount, weight: suppressionWeight, form: form)
    }

    /// The geometry, where it counts.
    func makeGeometry() throws(RecognitionError) -> GeometricEvidence? {
        let form: GeometricEvidence.Form
        switch geometry {
        case .none: return nil
        case .add: form = .add
        case .multiply: form = .multiply
        }
        return try GeometricEvidence(cap: inlierCap, weight: geometryWeight, form: form)
    }
}
