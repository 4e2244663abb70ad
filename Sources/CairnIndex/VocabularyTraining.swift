import CairnCore

/// How a vocabulary is trained.
public struct VocabularyTraining: Sendable, Codable, Hashable {
    /// The number of words to make.
    public var words: Int

    /// The most rounds of assignment and update.
    public var iterations: Int

    /// Training stops early once a round lowers the mean squared distance by less than this fraction of it.
    public var tolerance: Double

    /// Decides which descriptors the clustering starts from.
    public var seed: UInt64

    /// Sets what differs from the defaults.
    public init(words: Int = 16_384, iterations: Int = 20, tolerance: Double = 1e-4, seed: UInt64 = 1) {
        self.words = words
        self.iterations = iterations
        self.tolerance = tolerance
        self.seed = seed
    }

    /// For aggregated match kernels over up to a million images.
    public static let asmk = VocabularyTraining()

    /// For nearest-descriptor voting: 512 words.
    public static let nearestDescriptorVoting = VocabularyTraining(words: 512)

    private enum CodingKeys: String, CodingKey, CaseIterable { case words, iterations, tolerance, seed }

    /// Reads a configuration; a missing key keeps its default, an unknown one is an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "vocabulary training")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        words = try values.decodeIfPresent(Int.self, forKey: .words) ?? words
        iterations = try values.decodeIfPresent(Int.self, forKey: .iterations) ?? iterations
        tolerance = try values.decodeIfPresent(Double.self, forKey: .tolerance) ?? tolerance
        seed = try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? seed
    }

    /// Where a training stands after a round.
    public struct Progress: Sendable, Hashable {
        /// Rounds done, from 1.
        public var iteration: Int

        /// Mean squared distance of a descriptor to its word, before this round's update. It never grows.
        public var meanSquaredDistance: Double

        /// Words that were nearest to no descriptor and were moved into the clusters of the largest distances.
        public var reseededWords: Int
    }
}

extension Vocabulary {
    /// Clusters descriptors by k-means (Lloyd's algorithm) from a seeded sample of them.
    ///
    /// Words are bytes throughout: a mean rounded to the nearest integer is the best integer centre, so the objective
    /// still never grows. All sums are integers, so the result is the same for any number of threads.
    /// A round compares every descriptor with every word. Memory: 16 bytes a descriptor and `8 * dimensions` a word.
    ///
    /// - Parameters:
    ///   - descriptors: Descriptor after descriptor, each of `dimensions` bytes, at least as many as words.
    ///   - dimensions: Bytes in a descriptor.
    ///   - configuration: How many words, how many rounds.
    ///   - threads: How many threads share the work.
    ///   - note: How and from what the vocabulary was made; kept in its file.
    ///   - progress: Called after each round; what it throws ends the training.
    /// - Throws: `IndexError` for an impossible configuration or too few descriptors; what `progress` throws.
    public static func train(
        descriptors: UnsafeRawBufferPointer, dimensions: Int = 128, configuration: VocabularyTraining = .asmk,
        threads: Int = 1, note: String = "", progress: ((VocabularyTraining.Progress) throws -> Void)? = nil
    ) throws -> Vocabulary {
        guard (1...maximumCount).contains(configuration.words), configuration.iterations >= 1 else {
            throw IndexError(
                .invalidArgument,
                "cannot make \(configuration.words) words in \(configuration.iterations) rounds; both must be positive")
        }
        guard supportedDimensions.contains(dimensions), descriptors.count % dimensions == 0 else {
            throw IndexError(
                .invalidArgument, "\(descriptors.count) bytes are no whole number of \(dimensions)-byte descriptors")
        }
        let available = descriptors.count / dimensions
        guard available >= configuration.words, let base = descriptors.baseAddress else {
            throw IndexError(
                .invalidArgument,
                "\(available) descriptors cannot make \(configuration.words) words; give more photos or ask for fewer")
        }
        var clustering = ByteKMeans(
            vectors: UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: descriptors.count),
            dimensions: dimensions, clusters: configuration.words, seed: configuration.seed)
        var previous: UInt64?
        for iteration in 1...configuration.iterations {
            let objective = clustering.assign(threads: threads)
            let reseeded = clustering.update()
            try progress?(
                VocabularyTraining.Progress(
                    iteration: iteration, meanSquaredDistance: Double(objective) / Double(available),
                    reseededWords: reseeded))
            if let previous, reseeded == 0,
                Double(previous) - Double(objective) <= configuration.tolerance * Double(previous)
            {
                break
            }
            previous = objective
        }
        return try Vocabulary(words: clustering.centers, dimensions: dimensions, note: note)
    }

    /// Clusters an array of descriptors; see the form for raw bytes.
    public static func train(
        descriptors: [UInt8], dimensions: Int = 128, configuration: VocabularyTraining = .asmk,
        threads: Int = 1, note: String = "", progress: ((VocabularyTraining.Progress) throws -> Void)? = nil
    ) throws -> Vocabulary {
        try descriptors.withUnsafeBytes {
            try train(
                descriptors: $0, dimensions: dimensions, configuration: configuration, threads: threads, note: note,
                progress: progress)
        }
    }
}
