import CairnCore

/// How gradient-boosted trees are grown. Names in brackets are LightGBM's.
public struct BoostingParameters: Sendable, Codable, Hashable {
    /// Rounds; each grows one tree a class (num_iterations).
    public var rounds: Int

    /// How much of each tree counts (learning_rate).
    public var learningRate: Double

    /// Leaves of a tree at most (num_leaves).
    public var leaves: Int

    /// Training rows in a leaf at least (min_data_in_leaf).
    public var minimumLeafRows: Int

    /// The L2 penalty on a leaf's value (lambda_l2).
    public var l2Penalty: Double

    /// The share of features that each tree may use (feature_fraction).
    public var featureShare: Double

    /// The start of the random numbers (seed).
    public var seed: Int

    /// Threads for training and prediction; results do not depend on them (num_threads with deterministic).
    public var threads: Int

    /// Sets what differs from the defaults, which are made for hundreds to thousands of training queries.
    public init(
        rounds: Int = 100, learningRate: Double = 0.05, leaves: Int = 7, minimumLeafRows: Int = 5,
        l2Penalty: Double = 1,
        featureShare: Double = 1, seed: Int = 1, threads: Int = 1
    ) {
        self.rounds = rounds
        self.learningRate = learningRate
        self.leaves = leaves
        self.minimumLeafRows = minimumLeafRows
        self.l2Penalty = l2Penalty
        self.featureShare = featureShare
        self.seed = seed
        self.threads = threads
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case rounds, learningRate, leaves, minimumLeafRows, l2Penalty, featureShare, seed, threads
    }

    /// Reads parameters; a missing key keeps its default, an unknown one is an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "boosting")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        rounds = try values.decodeIfPresent(Int.self, forKey: .rounds) ?? rounds
        learningRate = try values.decodeIfPresent(Double.self, forKey: .learningRate) ?? learningRate
        leaves = try values.decodeIfPresent(Int.self, forKey: .leaves) ?? leaves
        minimumLeafRows = try values.decodeIfPresent(Int.self, forKey: .minimumLeafRows) ?? minimumLeafRows
        l2Penalty = try values.decodeIfPresent(Double.self, forKey: .l2Penalty) ?? l2Penalty
        featureShare = try values.decodeIfPresent(Double.self, forKey: .featureShare) ?? featureShare
        seed = try values.decodeIfPresent(Int.self, forKey: .seed) ?? seed
        threads = try values.decodeIfPresent(Int.self, forKey: .threads) ?? threads
    }

    /// Throws `RecognitionError` unless every parameter is in its range.
    public func validate() throws(RecognitionError) {
        guard (1...10_000).contains(rounds), learningRate > 0, learningRate <= 1, (2...1024).contains(leaves),
            (1...1_000_000).contains(minimumLeafRows), (0...1e6).contains(l2Penalty), featureShare > 0,
            featureShare <= 1, (0...Int(Int32.max)).contains(seed), (1...256).contains(threads)
        else {
            let ranges =
                "1 to 10,000 rounds, a learning rate above 0 and at most 1, 2 to 1,024 leaves of 1 to 1,000,000 rows, an L2 "
                + "penalty from 0 to 1,000,000, a feature share above 0 and at most 1, a seed from 0, and 1 to 256 threads"
            throw RecognitionError(.invalidArgument, "boosting needs \(ranges), not \(self)")
        }
    }

    /// The parameters in LightGBM's words.
    func words(classes: Int) -> String {
        let settings: [(String, String)] = [
            ("objective", "multiclass"), ("num_class", String(classes)), ("learning_rate", String(learningRate)),
            ("num_leaves", String(leaves)), ("min_data_in_leaf", String(minimumLeafRows)),
            ("lambda_l2", String(l2Penalty)), ("feature_fraction", String(featureShare)), ("seed", String(seed)),
            ("num_threads", String(threads)), ("deterministic", "true"), ("force_col_wise", "true"),
            // Small sets: no feature is dropped for having few rows, and nothing is printed.
            ("feature_pre_filter", "false"), ("verbosity", "-1"),
        ]
        return settings.map { "\($0)=\($1)" }.joined(separator: " ")
    }
}
