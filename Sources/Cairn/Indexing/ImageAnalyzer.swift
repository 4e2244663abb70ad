import CairnCore
import CairnFeatures
import CairnIndex
import Foundation

/// Turns the bytes of an image file into what a collection stores of it. The store knows nothing else of features.
///
/// `analyze` is called from several threads at once and may block; the indexing pipeline runs it on threads of its own.
public protocol ImageAnalyzer: Sendable {
    /// What makes the features: at most one local extractor, first, then the global ones in the order of their parts of a
    /// descriptor. Their digests identify everything that decides what `analyze` makes of a file: method, settings, weights,
    /// vocabulary. A collection holds the features of one such list only. At most 1 MiB of text each.
    var extractors: [ExtractorRecord] { get }

    /// The vocabulary of the signatures; `nil` when there are no local features.
    var vocabulary: Vocabulary? { get }

    /// How the signatures are coded.
    var indexConfiguration: InvertedIndexConfiguration { get }

    /// Entries of a global descriptor; 0 when there is none.
    var globalDimensions: Int { get }

    /// Analyses one file.
    ///
    /// The outcome depends on `content` alone: the same content under another path is not analysed again.
    ///
    /// - Parameters:
    ///   - content: All bytes of the file.
    ///   - path: Where the file lies, for messages.
    /// - Throws: A `CairnError` when the file is not an image, or not a usable one; its message becomes the reported reason.
    func analyze(_ content: Data, path: String) throws -> AnalyzedImage
}

/// What a collection stores of an image.
public struct AnalyzedImage: Sendable {
    /// Size of the image in which features were found; their coordinates are in its pixels.
    public var size: ImageSize

    /// Size of the image in the file, upright.
    public var originalSize: ImageSize

    /// When the photo was taken, where the file says so.
    public var captureTime: Date?

    /// Degrees north of the equator, where the file says so.
    public var latitude: Double?

    /// Degrees east of Greenwich, where the file says so.
    public var longitude: Double?

    /// Encoded local features. The store hands the same bytes back. Not looked at without a local extractor.
    public var record: [UInt8]

    /// The number of keypoints in `record`.
    public var keypointCount: Int

    /// What the image leaves in the inverted file. Not looked at without a local extractor.
    public var signature: ImageSignature

    /// What the image leaves in the index of global descriptors: `globalDimensions` numbers of Euclidean length 1 together.
    public var globalDescriptor: [Float]

    /// Makes a description.
    public init(
        size: ImageSize, originalSize: ImageSize, captureTime: Date? = nil, latitude: Double? = nil,
        longitude: Double? = nil, record: [UInt8] = [], keypointCount: Int = 0,
        signature: ImageSignature = ImageSignature(words: [], codes: [], codeBytes: 8), globalDescriptor: [Float] = []
    ) {
        self.size = size
        self.originalSize = originalSize
        self.captureTime = captureTime
        self.latitude = latitude
        self.longitude = longitude
        self.record = record
        self.keypointCount = keypointCount
        self.signature = signature
        self.globalDescriptor = globalDescriptor
    }
}
