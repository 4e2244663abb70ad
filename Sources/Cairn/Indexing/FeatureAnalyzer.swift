import CairnCore
import CairnFeatures
import CairnImaging
import CairnIndex
import Foundation

/// Makes of a photo what a collection stores: local features with their signature in the inverted file, and a global
/// descriptor, as far as the collection has extractors for them.
///
/// A photo is decoded once, as the most demanding extractor wants it.
public struct FeatureAnalyzer: ImageAnalyzer {
    /// What makes the features.
    public let extractorSet: ExtractorSet
    /// See `ImageAnalyzer`. With local features also `nil` as long as no vocabulary is learned; then nothing can be analysed.
    public let vocabulary: Vocabulary?
    /// See `ImageAnalyzer`.
    public let extractors: [ExtractorRecord]

    /// How the signatures are coded.
    public var indexConfiguration: InvertedIndexConfiguration { extractorSet.index }
    /// See `ImageAnalyzer`.
    public var globalDimensions: Int { extractorSet.globalDimensions }

    /// The settings of RootSIFT; `nil` when local features are another's, or there are none.
    public var configuration: LocalFeatureConfiguration? {
        (extractorSet.local as? RootSIFTExtractor).map {
            LocalFeatureConfiguration(sift: $0.configuration, index: extractorSet.index)
        }
    }

    /// Whether local features lack their vocabulary.
    var needsVocabulary: Bool { extractorSet.local != nil && vocabulary == nil }

    private let input: ExtractionInput
    private let decoder: ImageDecoder

    /// Makes an analyzer.
    ///
    /// - Parameters:
    ///   - extractors: What makes the features.
    ///   - vocabulary: The words of the inverted file; without local features it is not used.
    ///   - options: How photos are read.
    /// - Throws: `CollectionError` when the vocabulary is of other descriptors.
    public init(extractors: ExtractorSet, vocabulary: Vocabulary?, options: Gallery.Options = .init()) throws {
        if let local = extractors.local, let vocabulary, vocabulary.dimensions != local.dimensions {
            throw CollectionError(
                .unsupported,
                "the vocabulary has words of \(vocabulary.dimensions) bytes, \(local.name) has descriptors of \(local.dimensions); train one with `cairn vocabulary train`"
            )
        }
        extractorSet = extractors
        self.vocabulary = extractors.local == nil ? nil : vocabulary
        self.extractors = try StoredExtractors.records(of: extractors, vocabulary: vocabulary)
        input = extractors.input
        decoder = ImageDecoder(
            configuration: DecodingConfiguration(
                maximumLongSide: input.longSide, maximumPixels: options.maximumPixels, truncation: options.truncation))
    }

    /// Analyses one file. Throws `ImagingError` when it is not a usable image.
    public func analyze(_ content: Data, path: String) throws -> AnalyzedImage {
        let (photo, metadata) = try decode(content)
        var analysis = AnalyzedImage(
            size: photo.size, originalSize: metadata.size, captureTime: metadata.captureTime?.date,
            latitude: metadata.position?.latitude, longitude: metadata.position?.longitude)
        if let local = extractorSet.local {
            guard let vocabulary else {
                throw CollectionError(.failure, "there is no vocabulary for \(local.name) yet; learn one first")
            }
            let features = try local.features(of: photo)
            precondition(
                features.dimensions == local.dimensions,
                "\(local.name) gave descriptors of \(features.dimensions) bytes, not \(local.dimensions)")
            analysis.size = features.imageSize
            analysis.record = features.encoded()
            analysis.keypointCount = features.count
            analysis.signature = features.descriptors.withUnsafeBytes {
                indexConfiguration.signature(of: $0, vocabulary: vocabulary)
            }
        }
        analysis.globalDescriptor = try globalDescriptor(of: photo)
        return analysis
    }

    /// The features of a query: those that indexing the same photo would store.
    ///
    /// - Parameters:
    ///   - path: The photo.
    ///   - region: The part of it that is looked at, as though the photo were no more; `nil` for all of it.
    ///   - kinds: What is wanted of it; what the collection does not have is left out.
    /// - Throws: `ImagingError` when it is not a usable image; `CollectionError` when the region is outside of it.
    public func features(
        contentsOf path: String, region: PixelRegion? = nil, kinds: Set<FeatureKind> = Set(FeatureKind.allCases)
    ) throws -> QueryFeatures {
        let photo = try decode(path, region: region)
        return QueryFeatures(
            local: kinds.contains(.local) ? try extractorSet.local?.features(of: photo) : nil,
            globalDescriptor: kinds.contains(.global) ? try globalDescriptor(of: photo) : [])
    }

    private func decode(_ path: String, region: PixelRegion?) throws -> ExtractionPhoto {
        let photo: ExtractionPhoto? =
            switch (input.channels, region) {
            case (.luma, nil): ExtractionPhoto(try decoder.gray(contentsOf: path))
            case (.rgb, nil): ExtractionPhoto(try decoder.rgb(contentsOf: path))
            case (.luma, let region?): try decoder.gray(contentsOf: path, region: region).map { ExtractionPhoto($0) }
            case (.rgb, let region?): try decoder.rgb(contentsOf: path, region: region).map { ExtractionPhoto($0) }
            }
        guard let photo else { throw CollectionError.outside(path) }
        return photo
    }

    /// What a vocabulary is learned from.
    func localFeatures(contentsOf path: String) throws -> LocalFeatures? {
        try features(contentsOf: path, kinds: [.local]).local
    }

    private func decode(_ content: Data) throws -> (ExtractionPhoto, ImageMetadata) {
        switch input.channels {
        case .luma:
            let photo = try decoder.decodeGray(from: content)
            return (ExtractionPhoto(photo.image), photo.metadata)
        case .rgb:
            let photo = try decoder.decodeRGB(from: content)
            return (ExtractionPhoto(photo.image), photo.metadata)
        }
    }

    /// All models' descriptors, one behind another, each as long as the others, and of length 1 together.
    private func globalDescriptor(of photo: ExtractionPhoto) throws -> [Float] {
        var descriptor: [Float] = []
        descriptor.reserveCapacity(globalDimensions)
        for extractor in extractorSet.globals {
            let part = try extractor.descriptor(of: photo)
            let squares = part.reduce(into: Double(0)) { $0 += Double($1) * Double($1) }
            guard part.count == extractor.dimensions, abs(squares - 1) < 0.01 else {
                throw CollectionError(
                    .failure,
                    "the model \(extractor.name) gave \(part.count) numbers of length \(squares.squareRoot()), not \(extractor.dimensions) of length 1; is it the right one, with the right preprocessing?"
                )
            }
            descriptor += part
        }
        guard extractorSet.globals.count > 1 else { return descriptor }
        let scale = 1 / Float(extractorSet.globals.count).squareRoot()
        return descriptor.map { $0 * scale }
    }
}

/// What a search compares: the features of its query.
public struct QueryFeatures: Sendable {
    /// Local features; `nil` where there are none, or none were wanted.
    public var local: LocalFeatures?

    /// The descriptors of all global models, one behind another in the collection's order, each as long as the others, and of
    /// length 1 together; empty where there are none, or none were wanted.
    public var globalDescriptor: [Float]

    /// Puts features together.
    public init(local: LocalFeatures?, globalDescriptor: [Float] = []) {
        self.local = local
        self.globalDescriptor = globalDescriptor
    }
}

extension CollectionError {
    /// A region that has nothing of its photo.
    static func outside(_ path: String) -> CollectionError {
        CollectionError(.invalidInput, "the region to search with lies outside of \(path); check the list of queries")
    }
}
