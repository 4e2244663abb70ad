import CImageCodecs
import CairnCore
import FoundationEssentials

/// Reads photos: oriented as they are to be seen, in sRGB, no larger than asked for.
///
/// JPEG goes through libjpeg-turbo: decoded at the nearest scaled size that is large enough, then resized once. PNG, WebP,
/// HEIC, AVIF, TIFF and GIF (first page or frame) go through libvips. Formats are told by content. Embedded ICC profiles
/// are converted to sRGB, alpha is laid over white, 16-bit samples are reduced to 8.
///
/// Every method may be called from many threads at once, takes time linear in the stored pixels, and throws `ImagingError`.
public struct ImageDecoder: Sendable {
    /// How images are decoded.
    public let configuration: DecodingConfiguration

    /// Makes a decoder.
    public init(configuration: DecodingConfiguration = DecodingConfiguration()) {
        self.configuration = configuration
    }

    // MARK: From files

    /// The luma of the image in a file.
    public func gray(contentsOf path: String) throws -> GrayImage { try decodeGray(contentsOf: path).image }

    /// The luma of the image in a file.
    public func gray(contentsOf url: URL) throws -> GrayImage { try gray(contentsOf: url.path) }

    /// The image in a file.
    public func rgb(contentsOf path: String) throws -> RGBImage { try decodeRGB(contentsOf: path).image }

    /// The image in a file.
    public func rgb(contentsOf url: URL) throws -> RGBImage { try rgb(contentsOf: url.path) }

    /// What a file says about its image; pixels are not decoded.
    public func metadata(contentsOf path: String) throws -> ImageMetadata {
        try read(path) { try metadata(from: $0) }
    }

    /// What a file says about its image; pixels are not decoded.
    public func metadata(contentsOf url: URL) throws -> ImageMetadata { try metadata(contentsOf: url.path) }

    /// Luma, metadata and the file's bytes, from reading the file once.
    public func decodeGray(contentsOf path: String) throws -> DecodedImage<GrayImage> {
        try read(path) { try decodeGray(from: $0) }
    }

    /// The image, its metadata and the file's bytes, from reading the file once.
    public func decodeRGB(contentsOf path: String) throws -> DecodedImage<RGBImage> {
        try read(path) { try decodeRGB(from: $0) }
    }

    // MARK: From bytes

    /// The luma of an encoded image.
    public func gray(from bytes: Data) throws -> GrayImage { try decodeGray(from: bytes).image }

    /// An encoded image.
    public func rgb(from bytes: Data) throws -> RGBImage { try decodeRGB(from: bytes).image }

    /// What an encoded image says about itself; pixels are not decoded.
    public func metadata(from bytes: Data) throws -> ImageMetadata {
        try open(bytes) { file in try checked(file).0 }
    }

    /// Luma and metadata of an encoded image.
    public func decodeGray(from bytes: Data) throws -> DecodedImage<GrayImage> {
        try open(bytes) { file in
            let (metadata, target) = try checked(file)
            let image = try file.gray(target: target, truncation: configuration.truncation)
            return DecodedImage(image: image.oriented(metadata.orientation), metadata: metadata, bytes: bytes)
        }
    }

    /// An encoded image and its metadata.
    public func decodeRGB(from bytes: Data) throws -> DecodedImage<RGBImage> {
        try open(bytes) { file in
            let (metadata, target) = try checked(file)
            let image = try file.rgb(target: target, truncation: configuration.truncation)
            return DecodedImage(image: image.oriented(metadata.orientation), metadata: metadata, bytes: bytes)
        }
    }

    // MARK: Steps

    func read<Result>(_ path: String, _ body: (Data) throws -> Result) throws -> Result {
        do {
            return try body(try ImageFileReader.bytes(ofFile: path))
        } catch let error as ImagingError {
            throw error.naming(path)
        }
    }

    func open<Result>(_ bytes: Data, _ body: (any EncodedImage) throws -> Result) throws -> Result {
        guard !bytes.isEmpty else { throw ImagingError(.emptyFile, "the file is empty") }
        let format = try ImageFileReader.format(ofPrefix: bytes)
        return try bytes.withUnsafeBytes { buffer in
            let buffer = buffer.bindMemory(to: UInt8.self)
            func opened(_ file: any EncodedImage) throws -> Result {
                try withExtendedLifetime(file) { try body(file) }
            }
            if format == .jpeg { return try opened(JPEGFile(buffer)) }
            func decoded(alone: Bool) throws -> Result {
                cairn_vips_enter(alone)
                defer { cairn_vips_leave() }
                return try opened(VipsFile(buffer, format: format, truncation: configuration.truncation))
            }
            do {
                return try decoded(alone: false)
            } catch let error as ImagingError where error.code != .tooManyPixels {
                // The codec's words may have been about another thread's file, or may have gone to it.
                return try decoded(alone: true)
            }
        }
    }

    /// The metadata, and the size to decode to (not yet oriented); throws when the image is over the pixel limit.
    func checked(_ file: any EncodedImage) throws -> (ImageMetadata, target: ImageSize) {
        let stored = file.storedSize
        let (pixels, overflow) = stored.width.multipliedReportingOverflow(by: stored.height)
        guard !overflow, pixels <= configuration.maximumPixels else {
            throw ImagingError(
                .tooManyPixels,
                "the image has \(stored) pixels; the limit is \(Self.megapixels(configuration.maximumPixels)): raise the pixel limit to read it"
            )
        }
        let exif = file.exif
        let orientation = file.isOrientedByCodec ? .up : exif.orientation
        let metadata = ImageMetadata(
            format: file.format, storedSize: stored,
            size: orientation.swapsAxes ? ImageSize(width: stored.height, height: stored.width) : stored,
            orientation: orientation, captureTime: exif.captureTime, position: exif.position,
            hasProfile: file.hasProfile)
        return (metadata, configuration.maximumLongSide.map(stored.fitted(toLongSide:)) ?? stored)
    }

    private static func megapixels(_ count: Int) -> String {
        count >= 1_000_000 ? "\(count / 1_000_000) MP" : "\(count) pixels"
    }
}

/// One encoded image whose header has been read.
protocol EncodedImage: AnyObject {
    /// The format.
    var format: ImageFormat { get }
    /// Width and height as stored.
    var storedSize: ImageSize { get }
    /// What its EXIF block says; the defaults when there is none.
    var exif: EXIFMetadata { get }
    /// Whether the codec itself turns the image the right way up.
    var isOrientedByCodec: Bool { get }
    /// Whether an ICC profile is embedded.
    var hasProfile: Bool { get }
    /// Luma at the target size, not yet oriented.
    func gray(target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> GrayImage
    /// sRGB at the target size, not yet oriented.
    func rgb(target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> RGBImage
    /// A part, in stored pixels, in sRGB at the target size, not yet oriented.
    func rgb(part: PixelRegion, target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> RGBImage
}
