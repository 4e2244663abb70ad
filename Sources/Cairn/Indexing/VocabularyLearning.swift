import CairnCore
import CairnFeatures
import CairnIndex

/// How a collection learns the words of its inverted file from the first photos that it is given, where none come with Cairn.
public struct VocabularyLearning: Sendable, Hashable {
    /// The most photos that are looked at.
    public var photos = 300

    /// The most descriptors that are clustered.
    public var descriptors = 300_000

    /// Descriptors that make a word; their number is a power of two.
    public var descriptorsPerWord = 16

    /// The most words.
    public var maximumWords = VocabularyTraining.asmk.words

    /// The most rounds of k-means.
    public var iterations = 10

    /// Decides which photos are looked at, and where the clustering starts.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    /// 300 photos, up to 16,384 words.
    public static let standard = VocabularyLearning()

    /// The number of words for a number of descriptors: the power of two that leaves `descriptorsPerWord` for each, within
    /// the limits; 0 for none at all.
    func words(for descriptors: Int) -> Int {
        var words = min(1, descriptors)
        while words > 0, words * 2 <= maximumWords, words * 2 * descriptorsPerWord <= descriptors { words *= 2 }
        return words
    }

    /// An even choice of the files that an indexing run would read, in the order of the walk: the same files, the same choice.
    func sample(below roots: [String], excluding excluded: String, isCancelled: () -> Bool) -> [String] {
        var random = SplitMix64(state: seed)
        var chosen: [(number: Int, path: String)] = []
        var walk = FileWalk(roots: roots, excluding: excluded)
        var seen = 0
        // Each file stays with the same probability (J. S. Vitter, "Random sampling with a reservoir", 1985, algorithm R).
        while let item = walk.next(), !isCancelled() {
            guard case .file(let path, _) = item else { continue }
            if chosen.count < photos {
                chosen.append((seen, path))
            } else {
                let place = Int(random.next() % UInt64(seen + 1))
                if place < photos { chosen[place] = (seen, path) }
            }
            seen += 1
        }
        return chosen.sorted { $0.number < $1.number }.map(\.path)
    }

    /// Learns from files. Photos that cannot be used are passed over: indexing reports them.
    func learn(from files: [String], analyzer: FeatureAnalyzer, threads: Int) async throws -> Vocabulary {
        guard let local = analyzer.extractorSet.local else { preconditionFailure("no local features to learn from") }
        let sample = try await DescriptorSample.collect(
            files: files, dimensions: local.dimensions, limit: descriptors
        ) { path in try analyzer.localFeatures(contentsOf: path) }
        let words = words(for: sample.count)
        guard words > 0 else {
            throw CollectionError(
                .invalidInput,
                "none of \(files.count) photos gave features of \(local.name) to learn a vocabulary from\(sample.failures.first.map { " (the first: \($0))" } ?? ""); give other photos, or a vocabulary with --vocabulary"
            )
        }
        return try Vocabulary.train(
            descriptors: sample.descriptors, dimensions: local.dimensions,
            configuration: VocabularyTraining(words: words, iterations: iterations, seed: seed), threads: threads,
            note: "\(words) words from \(sample.count) descriptors of \(sample.imageCount) photos, seed \(seed). "
                + Self.mark(of: local)
        ) { _ in try Task.checkCancellation() }
    }

    /// What a learned vocabulary's note says about the extractor, to tell it from another's.
    static func mark(of local: any LocalFeatureExtractor) -> String { "Learned for \(local.name) \(local.digest)" }
}

/// S. Vigna's SplitMix64: the same numbers everywhere.
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
