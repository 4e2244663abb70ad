import CairnFeatures
import CairnIndex

/// What a collection is made with: at most one extractor of local features, any number of global ones, at least one in all.
///
/// It is chosen when a collection is made and never changes in its life.
public struct ExtractorSet: Sendable {
    /// Entries that all global descriptors of an image may have together.
    public static let globalDimensionRange = DescriptorFile.dimensionRange

    /// What finds keypoints; `nil` for a collection that only knows whole photos.
    public let local: (any LocalFeatureExtractor)?

    /// What describes whole photos, in the order of their parts of an image's global descriptor.
    public let globals: [any GlobalDescriptorExtractor]

    /// How local features are coded and scored in the inverted file. Meaningless without a local extractor.
    public let index: InvertedIndexConfiguration

    /// Puts extractors together.
    ///
    /// - Throws: `CollectionError` when there is none, two have one name, or dimensions are out of range.
    public init(
        local: (any LocalFeatureExtractor)? = nil, globals: [any GlobalDescriptorExtractor] = [],
        index: InvertedIndexConfiguration = .asmk
    ) throws {
        try index.validate()
        let names = (local.map { [$0.name] } ?? []) + globals.map(\.name)
        guard !names.isEmpty else {
            throw CollectionError(.invalidArgument, "a collection needs an extractor; name at least one model")
        }
        guard Set(names).count == names.count else {
            throw CollectionError(
                .invalidArgument, "a collection has each model once, not \(names.joined(separator: ", "))")
        }
        if let local, !LocalFeatures.supportedDimensions.contains(local.dimensions) {
            throw CollectionError(
                .unsupported,
                "\(local.name) has descriptors of \(local.dimensions) bytes; a collection takes multiples of 64 up to 1024"
            )
        }
        let total = globals.reduce(0) { $0 + $1.dimensions }
        let range = Self.globalDimensionRange
        guard globals.isEmpty || globals.allSatisfy({ $0.dimensions > 0 }) && range.contains(total) else {
            throw CollectionError(
                .unsupported,
                "the global models have \(total) dimensions together; a collection takes from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        self.local = local
        self.globals = globals
        self.index = index
    }

    /// RootSIFT alone.
    public init(rootSIFT configuration: LocalFeatureConfiguration) throws {
        try self.init(local: RootSIFTExtractor(configuration: configuration.sift), index: configuration.index)
    }

    /// Dimensions of each extractor, the local one's first.
    var dimensions: [Int] { (local.map { [$0.dimensions] } ?? []) + globals.map(\.dimensions) }

    /// What a photo has to be decoded to.
    var input: ExtractionInput {
        let inputs = (local.map { [$0.input] } ?? []) + globals.map(\.input)
        guard let input = ExtractionInput(serving: inputs) else {
            preconditionFailure("a set without extractors")
        }
        return input
    }

    /// Entries of an image's global descriptor: those of all models, one behind another.
    var globalDimensions: Int { globals.reduce(0) { $0 + $1.dimensions } }

    /// The long side to which photos are reduced before keypoints are looked for, in pixels.
    var featureLongSide: Int { local?.input.longSide ?? input.longSide }
}
