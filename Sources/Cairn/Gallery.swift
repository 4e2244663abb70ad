import CairnCore
import CairnFeatures
import CairnImaging
import CairnIndex
import Foundation
import Synchronization

/// A collection of photos that can be indexed and searched: the store, and what makes and compares the features in it.
///
/// This is the type that applications start from:
///
/// ```swift
/// let gallery = try Gallery.openOrCreate(at: "/data/photos.cairn")
/// _ = try await gallery.index(["/home/me/Photos"])
/// let answer = try await gallery.searcher().search(contentsOf: "query.jpg")
/// ```
public final class Gallery: Sendable {
    /// What may differ from one run to the next without changing what is stored of an image.
    public struct Options: Sendable, Hashable {
        /// Larger images are refused.
        public var maximumPixels: Int
        /// What becomes of damaged files.
        public var truncation: DecodingConfiguration.Truncation

        /// Sets what differs from the defaults.
        public init(
            maximumPixels: Int = DecodingConfiguration.fullSize.maximumPixels,
            truncation: DecodingConfiguration.Truncation = .reject
        ) {
            self.maximumPixels = maximumPixels
            self.truncation = truncation
        }
    }

    /// The store.
    public let collection: ImageCollection

    /// What makes features.
    public var analyzer: FeatureAnalyzer { state.withLock { $0 } }

    private let options: Options
    /// Replaced once, when the first run has learned a vocabulary.
    private let state: Mutex<FeatureAnalyzer>

    private init(collection: ImageCollection, analyzer: FeatureAnalyzer, options: Options) {
        self.collection = collection
        self.options = options
        state = Mutex(analyzer)
    }

    /// Opens a collection that exists, with the extractors and the vocabulary that it was made with.
    ///
    /// - Parameters:
    ///   - path: The collection's folder.
    ///   - provider: Makes the models again; RootSIFT needs none.
    ///   - options: What may differ from run to run.
    /// - Throws: `CollectionError` when there is no collection, and when it is damaged or too new; what the provider throws
    ///   when it does not have a model.
    public static func open(
        at path: String, provider: any ExtractorProvider = NoModels(), options: Options = Options()
    ) throws -> Gallery {
        let collection = try ImageCollection.open(at: path)
        let records = try collection.snapshot().extractors
        guard !records.isEmpty else {
            let analyzer = try FeatureAnalyzer(
                extractors: ExtractorSet(rootSIFT: .standard),
                vocabulary: ShippedVocabulary.aggregatedMatchKernel.load(), options: options)
            return Gallery(collection: collection, analyzer: analyzer, options: options)
        }
        let extractors = try StoredExtractors.make(records, provider: provider, at: path)
        let analyzer = try collection.analyzer(extractors, options: options)
        return Gallery(collection: collection, analyzer: analyzer, options: options)
    }

    /// Opens a collection, or makes an empty one.
    ///
    /// Where local features are not RootSIFT's and no vocabulary is given, the first run of `index` learns one.
    ///
    /// - Parameters:
    ///   - path: The collection's folder.
    ///   - extractors: What makes features. A collection with images keeps its own: another set is an error, `nil` takes it as it
    ///     is. `nil` makes a new one with RootSIFT alone.
    ///   - vocabulary: The words of the inverted file; `nil` stands for the shipped or learned ones. As with the extractors.
    ///   - provider: Makes the models again of a collection with images, where `extractors` is `nil`.
    ///   - options: What may differ from run to run.
    public static func openOrCreate(
        at path: String, extractors: ExtractorSet? = nil, vocabulary: Vocabulary? = nil,
        provider: any ExtractorProvider = NoModels(), options: Options = Options()
    ) throws -> Gallery {
        let collection = try ImageCollection.openOrCreate(at: path)
        let records = try collection.snapshot().extractors
        guard records.isEmpty else {
            let other = CollectionError(
                .invalidArgument,
                "the collection at \(path) was made with other feature settings; leave them out, or index into a new collection"
            )
            // Before the vocabulary is looked at, which would not fit other descriptors.
            guard extractors?.dimensions ?? records.map(\.dimensions) == records.map(\.dimensions) else { throw other }
            let analyzer = try collection.analyzer(
                extractors ?? StoredExtractors.make(records, provider: provider, at: path), options: options)
            guard analyzer.extractors.map(\.digest) == records.map(\.digest) else { throw other }
            if let vocabulary, vocabulary.fingerprint != analyzer.vocabulary?.fingerprint {
                throw CollectionError(
                    .invalidArgument,
                    "the collection at \(path) was made with another vocabulary; leave it out, or index into a new collection"
                )
            }
            return Gallery(collection: collection, analyzer: analyzer, options: options)
        }
        let chosen = try extractors ?? ExtractorSet(rootSIFT: .standard)
        let words = try vocabulary ?? collection.initialVocabulary(for: chosen)
        let analyzer = try FeatureAnalyzer(extractors: chosen, vocabulary: words, options: options)
        // Kept beside the images, so that a later version of Cairn with other words still reads them.
        try analyzer.vocabulary?.write(to: collection.vocabularyPath)
        return Gallery(collection: collection, analyzer: analyzer, options: options)
    }

    /// The same for RootSIFT alone, with settings of one's own; `nil` takes a collection as it is.
    public static func openOrCreate(
        at path: String, configuration: LocalFeatureConfiguration?, vocabulary: Vocabulary? = nil,
        options: Options = Options()
    ) throws -> Gallery {
        try openOrCreate(
            at: path, extractors: configuration.map { try ExtractorSet(rootSIFT: $0) }, vocabulary: vocabulary,
            options: options)
    }

    /// Adds the photos below some paths; see `ImageCollection.index`.
    ///
    /// - Parameters:
    ///   - paths: Files and folders.
    ///   - options: How to go about it.
    ///   - learning: How a vocabulary is learned, should this be the first run of a collection that needs it.
    ///   - progress: Called now and then, from any thread.
    public func index(
        _ paths: [String], options: IndexingOptions = .default, learning: VocabularyLearning = .standard,
        progress: (@Sendable (IndexingProgress) -> Void)? = nil
    ) async throws -> IndexingReport {
        try options.validate()
        do {
            try await learnVocabulary(from: paths, learning, threads: options.threads)
        } catch is CancellationError {
            var report = IndexingReport()
            report.isCancelled = true
            return report
        }
        return try await collection.index(paths, options: options, analyzer: analyzer, progress: progress)
    }

    /// A searcher over the collection as it is now.
    ///
    /// - Parameters:
    ///   - configuration: How it searches.
    ///   - matchers: Knows the matching networks that re-ranking may name.
    public func searcher(
        configuration: SearchConfiguration = .standard, matchers: (any PhotoMatcherProvider)? = nil
    ) throws -> Searcher {
        try Searcher(
            snapshot: collection.snapshot(), analyzer: analyzer, configuration: configuration, matchers: matchers)
    }

    private func learnVocabulary(from paths: [String], _ learning: VocabularyLearning, threads: Int) async throws {
        let roots = paths.map(FilePaths.standardized)
        // A path that is not there is indexing's to report.
        guard analyzer.needsVocabulary, !roots.contains(where: PosixFile.isMissing) else { return }
        // Another run must not learn other words meanwhile and begin with them.
        let lock = try WriterLock(layout: collection.layout)
        defer { withExtendedLifetime(lock) {} }
        var learned = try collection.analyzer(analyzer.extractorSet, options: options)
        if learned.needsVocabulary {
            let count = threads == 0 ? Machine.coreCount : threads
            let executor = ThreadPoolExecutor(name: "cairn-learning", threadCount: count)
            let excluded = collection.path
            let vocabulary = try await withTaskExecutorPreference(executor) { [learned] in
                let files = learning.sample(below: roots, excluding: excluded) { Task.isCancelled }
                try Task.checkCancellation()
                return try await learning.learn(from: files, analyzer: learned, threads: count)
            }
            try vocabulary.write(to: collection.vocabularyPath)
            learned = try FeatureAnalyzer(
                extractors: learned.extractorSet, vocabulary: vocabulary, options: options)
        }
        state.withLock { [learned] in $0 = learned }
    }
}

extension ImageCollection {
    var vocabularyPath: String { path + "/vocabulary.cairnvoc" }

    /// An analyzer with the vocabulary that lies in the collection.
    fileprivate func analyzer(_ extractors: ExtractorSet, options: Gallery.Options) throws -> FeatureAnalyzer {
        let isRecorded = try !snapshot().extractors.isEmpty
        let vocabulary: Vocabulary? =
            if extractors.local == nil {
                nil
            } else if isRecorded {
                try Vocabulary(contentsOf: vocabularyPath)
            } else {
                try initialVocabulary(for: extractors)
            }
        return try FeatureAnalyzer(extractors: extractors, vocabulary: vocabulary, options: options)
    }

    /// The vocabulary that a collection without images begins with: the shipped one, or what an earlier run learned before
    /// it was stopped. `nil` when it is still to be learned.
    fileprivate func initialVocabulary(for extractors: ExtractorSet) throws -> Vocabulary? {
        guard let local = extractors.local else { return nil }
        if local is RootSIFTExtractor { return try ShippedVocabulary(for: extractors.index.scoring).load() }
        guard !PosixFile.isMissing(vocabularyPath), let found = try? Vocabulary(contentsOf: vocabularyPath),
            found.note.hasSuffix(VocabularyLearning.mark(of: local))
        else { return nil }
        return found
    }
}
