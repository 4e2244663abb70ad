import CairnCore

/// Whether an extractor describes keypoints or whole photos.
public enum FeatureKind: String, Sendable, Codable, CaseIterable {
    /// Keypoints with a descriptor each.
    case local
    /// One vector a photo.
    case global
}

/// What a collection keeps of an extractor: enough to tell it from any other, and to make it again.
public struct ExtractorRecord: Sendable, Codable, Hashable {
    /// The extractor's name.
    public var name: String
    /// What it describes.
    public var kind: FeatureKind
    /// Bytes in a local descriptor, entries of a global one.
    public var dimensions: Int
    /// Identifies method, settings and weights.
    public var digest: String
    /// The settings behind the digest.
    public var configurationJSON: String

    /// Makes a record.
    public init(name: String, kind: FeatureKind, dimensions: Int, digest: String, configurationJSON: String) {
        self.name = name
        self.kind = kind
        self.dimensions = dimensions
        self.digest = digest
        self.configurationJSON = configurationJSON
    }

    /// What is to be kept of a local extractor.
    public init(_ extractor: any LocalFeatureExtractor) { self.init(extractor, kind: .local) }

    /// What is to be kept of a global extractor.
    public init(_ extractor: any GlobalDescriptorExtractor) { self.init(extractor, kind: .global) }

    private init(_ extractor: any FeatureExtractor, kind: FeatureKind) {
        self.init(
            name: extractor.name, kind: kind, dimensions: extractor.dimensions, digest: extractor.digest,
            configurationJSON: extractor.configurationJSON)
    }
}

/// Makes extractors again that a collection was made with. RootSIFT needs none: collections make it themselves.
public protocol ExtractorProvider: Sendable {
    /// The local extractor that a record describes; its digest must be the record's.
    ///
    /// - Throws: A `CairnError` of kind `notFound` that names the missing model and says how to add it.
    func localExtractor(for record: ExtractorRecord) throws -> any LocalFeatureExtractor

    /// The global extractor that a record describes; its digest must be the record's.
    ///
    /// - Throws: A `CairnError` of kind `notFound` that names the missing model and says how to add it.
    func globalExtractor(for record: ExtractorRecord) throws -> any GlobalDescriptorExtractor
}

/// The provider of those who have no models: it knows that they are missing.
public struct NoModels: ExtractorProvider {
    /// Makes a provider.
    public init() {}

    /// Always throws.
    public func localExtractor(for record: ExtractorRecord) throws -> any LocalFeatureExtractor {
        throw Self.missing(record)
    }

    /// Always throws.
    public func globalExtractor(for record: ExtractorRecord) throws -> any GlobalDescriptorExtractor {
        throw Self.missing(record)
    }

    /// The error for a model that is not there.
    public static func missing(_ record: ExtractorRecord) -> FeatureError {
        FeatureError(
            .notFound,
            "the \(record.kind.rawValue) model “\(record.name)” (digest \(record.digest.prefix(12))), with which the collection was made, is missing; add it with `cairn models add FILE --name \(record.name)`"
        )
    }
}
