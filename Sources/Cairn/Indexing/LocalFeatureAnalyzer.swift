import CairnCore
import CairnFeatures
import CairnImaging
import CairnIndex
import Crypto
import Foundation

/// Makes of a photo what a collection stores: RootSIFT features and their signature in the inverted file.
public struct LocalFeatureAnalyzer: ImageAnalyzer {
    /// What decides the features.
    public let configuration: LocalFeatureConfiguration
    /// The vocabulary of the signatures.
    public let vocabulary: Vocabulary
    /// See `ImageAnalyzer`.
    public let digest: String
    /// See `ImageAnalyzer`.
    public let configurationJSON: String

    /// How the signatures are coded.
    public var indexConfiguration: InvertedIndexConfiguration { configuration.index }

    private let decoder: ImageDecoder
    private let extractor: SIFTExtractor

    /// Makes an analyzer.
    ///
    /// - Parameters:
    ///   - configuration: What decides the features.
    ///   - vocabulary: The words of the inverted file.
    ///   - maximumPixels: Larger images are refused, before anything is allocated for them.
    ///   - truncation: What becomes of damaged files.
    public init(
        configuration: LocalFeatureConfiguration, vocabulary: Vocabulary, maximumPixels: Int = 250_000_000,
        truncation: DecodingConfiguration.Truncation = .reject
    ) throws {
        try configuration.index.validate()
        guard vocabulary.dimensions == LocalFeatures.dimensions else {
            throw CollectionError(
                .unsupported,
                "the vocabulary has words of \(vocabulary.dimensions) bytes, RootSIFT descriptors have \(LocalFeatures.dimensions); train one with `cairn vocabulary train`"
            )
        }
        self.configuration = configuration
        self.vocabulary = vocabulary
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        configurationJSON = String(decoding: try encoder.encode(configuration), as: UTF8.self)
        var hash = SHA256()
        hash.update(data: Data(configurationJSON.utf8))
        hash.update(data: Data(String(vocabulary.fingerprint, radix: 16).utf8))
        digest = hash.finalize().map { String(format: "%02x", $0) }.joined()
        decoder = ImageDecoder(
            configuration: DecodingConfiguration(
                maximumLongSide: configuration.sift.longSide, maximumPixels: maximumPixels, truncation: truncation))
        extractor = SIFTExtractor(configuration: configuration.sift)
    }

    /// Analyses one file. Throws `ImagingError` when it is not a usable image.
    public func analyze(_ content: Data, path: String) throws -> AnalyzedImage {
        let photo = try decoder.decodeGray(from: content)
        let features = extractor.features(of: photo.image)
        let signature = features.descriptors.withUnsafeBytes {
            configuration.index.signature(of: $0, vocabulary: vocabulary)
        }
        return AnalyzedImage(
            size: photo.image.size, originalSize: photo.metadata.size, captureTime: photo.metadata.captureTime?.date,
            latitude: photo.metadata.position?.latitude, longitude: photo.metadata.position?.longitude,
            record: features.encoded(), keypointCount: features.count, signature: signature)
    }

    /// The features of a query: those that indexing the same photo would store.
    public func features(contentsOf path: String) throws -> LocalFeatures {
        extractor.features(of: try decoder.gray(contentsOf: path))
    }
}
