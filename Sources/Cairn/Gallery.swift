import CairnCore
import CairnFeatures
import CairnImaging
import CairnIndex
import Foundation

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
    public let analyzer: LocalFeatureAnalyzer

    private init(collection: ImageCollection, analyzer: LocalFeatureAnalyzer) {
        self.collection = collection
        self.analyzer = analyzer
    }

    /// Opens a collection that exists, with the settings and the vocabulary that it was made with.
    ///
    /// Throws `CollectionError` when there is none, and when it is damaged or too new.
    public static func open(at path: String, options: Options = Options()) throws -> Gallery {
        let collection = try ImageCollection.open(at: path)
        guard let configuration = try storedConfiguration(of: collection) else {
            return try Gallery(
                collection: collection,
                analyzer: makeAnalyzer(.standard, ShippedVocabulary.aggregatedMatchKernel.load(), options))
        }
        return try Gallery(
            collection: collection,
            analyzer: makeAnalyzer(configuration, Vocabulary(contentsOf: collection.vocabularyPath), options))
    }

    /// Opens a collection, or makes an empty one.
    ///
    /// - Parameters:
    ///   - path: The collection's folder.
    ///   - configuration: How features are made. A collection with images keeps its own: another one is an error, `nil`
    ///     takes it as it is.
    ///   - vocabulary: The words of the inverted file; `nil` stands for the shipped ones. As with the configuration.
    ///   - options: What may differ from run to run.
    public static func openOrCreate(
        at path: String, configuration: LocalFeatureConfiguration? = nil, vocabulary: Vocabulary? = nil,
        options: Options = Options()
    ) throws -> Gallery {
        let collection = try ImageCollection.openOrCreate(at: path)
        let stored = try storedConfiguration(of: collection)
        if let stored, let configuration, stored != configuration {
            throw CollectionError(
                .invalidArgument,
                "the collection at \(path) was made with other feature settings; leave them out, or index into a new collection"
            )
        }
        let chosen = stored ?? configuration ?? .standard
        let words: Vocabulary
        if stored != nil {
            words = try Vocabulary(contentsOf: collection.vocabularyPath)
            if let vocabulary, vocabulary.fingerprint != words.fingerprint {
                throw CollectionError(
                    .invalidArgument,
                    "the collection at \(path) was made with another vocabulary; leave it out, or index into a new collection"
                )
            }
        } else {
            words = try vocabulary ?? ShippedVocabulary(for: chosen.index.scoring).load()
            // Kept beside the images, so that a later version of Cairn with other words still reads them.
            try words.write(to: collection.vocabularyPath)
        }
        return try Gallery(collection: collection, analyzer: makeAnalyzer(chosen, words, options))
    }

    /// Adds the photos below some paths; see `ImageCollection.index`.
    public func index(
        _ paths: [String], options: IndexingOptions = .default,
        progress: (@Sendable (IndexingProgress) -> Void)? = nil
    ) async throws -> IndexingReport {
        try await collection.index(paths, options: options, analyzer: analyzer, progress: progress)
    }

    /// A searcher over the collection as it is now.
    public func searcher(configuration: SearchConfiguration = .standard) throws -> Searcher {
        try Searcher(snapshot: collection.snapshot(), analyzer: analyzer, configuration: configuration)
    }

    private static func storedConfiguration(of collection: ImageCollection) throws -> LocalFeatureConfiguration? {
        guard let json = try collection.snapshot().extractorConfigurationJSON else { return nil }
        do {
            return try JSONDecoder().decode(LocalFeatureConfiguration.self, from: Data(json.utf8))
        } catch {
            throw CollectionError(
                .unsupported,
                "the collection at \(collection.path) has feature settings that this version does not know",
                cause: error)
        }
    }

    private static func makeAnalyzer(
        _ configuration: LocalFeatureConfiguration, _ vocabulary: Vocabulary, _ options: Options
    ) throws -> LocalFeatureAnalyzer {
        try LocalFeatureAnalyzer(
            configuration: configuration, vocabulary: vocabulary, maximumPixels: options.maximumPixels,
            truncation: options.truncation)
    }
}

extension ImageCollection {
    var vocabularyPath: String { path + "/vocabulary.cairnvoc" }
}
