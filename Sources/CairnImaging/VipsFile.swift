import CImageCodecs
import CairnCore

/// An image of any format but JPEG, whose header has been read by libvips. The bytes must outlive it.
final class VipsFile: EncodedImage {
    let format: ImageFormat
    private let reader: OpaquePointer
    private let looksTruncated: Bool
    private let bytes: UnsafeBufferPointer<UInt8>

    init(
        _ bytes: UnsafeBufferPointer<UInt8>, format: ImageFormat, truncation: DecodingConfiguration.Truncation
    ) throws {
        self.format = format
        self.bytes = bytes
        looksTruncated = format.looksTruncated(bytes)
        let loader =
            switch format {
            case .webp: CAIRN_VIPS_WEBP
            case .heic, .avif: CAIRN_VIPS_HEIF
            case .tiff: CAIRN_VIPS_TIFF
            case .gif: CAIRN_VIPS_GIF
            case .png, .jpeg: CAIRN_VIPS_PNG
            }
        var failure = cairn_codec_failure()
        guard
            let reader = cairn_vips_open(
                bytes.baseAddress, bytes.count, Int32(loader), truncation == .keepPartial, &failure)
        else { throw ImagingError(failure, decoding: format, looksTruncated: looksTruncated) }
        self.reader = reader
    }

    deinit { cairn_vips_close(reader) }

    /// libheif applies the container's own rotation; the EXIF tag beside it is to be ignored.
    var isOrientedByCodec: Bool { format == .heic || format == .avif }

    var storedSize: ImageSize {
        ImageSize(width: Int(cairn_vips_width(reader)), height: Int(cairn_vips_height(reader)))
    }

    var exif: EXIFMetadata {
        // A TIFF file is itself the structure that other formats embed.
        if format == .tiff { return EXIFMetadata(tiff: bytes) }
        var count = 0
        return EXIFMetadata(tiff: UnsafeBufferPointer(start: cairn_vips_exif(reader, &count), count: count))
    }

    var hasProfile: Bool { !profile.isEmpty }

    private var profile: UnsafeBufferPointer<UInt8> {
        var count = 0
        return UnsafeBufferPointer(start: cairn_vips_profile(reader, &count), count: count)
    }

    func gray(target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> GrayImage {
        try rgb(target: target, truncation: truncation).luma()
    }

    func rgb(target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> RGBImage {
        // These decoders may be content with less than the whole file.
        if looksTruncated, truncation == .reject, format == .png || format == .webp {
            var failure = cairn_codec_failure()
            failure.code = Int32(CAIRN_CODEC_TRUNCATED)
            throw ImagingError(failure, decoding: format, looksTruncated: true)
        }
        let converts = hasProfile && !ICCProfile(profile).isStandardRGB
        var failure = cairn_codec_failure()
        let count = target.pixelCount * 3
        let samples = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard
                cairn_vips_decode(
                    reader, converts, Int32(target.width), Int32(target.height), buffer.baseAddress, &failure)
            else { throw ImagingError(failure, decoding: format, looksTruncated: looksTruncated) }
            initialized = count
        }
        return RGBImage(size: target, pixels: samples)
    }

    func rgb(part: PixelRegion, target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> RGBImage {
        try rgb(target: storedSize, truncation: truncation).resized(part, to: target)
    }
}

extension ImageFormat {
    /// Whether the format's own structure says that bytes are missing at the end. Formats whose structure says nothing of
    /// their length (TIFF) are never called truncated here.
    func looksTruncated(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .png:
            return !bytes.suffix(64 * 1024).containsSequence([0x49, 0x45, 0x4E, 0x44])
        case .webp:
            guard bytes.count >= 12 else { return true }
            let length = (0..<4).reduce(0) { $0 | Int(bytes[4 + $1]) << (8 * $1) }
            return length + 8 > bytes.count
        case .gif:
            return !bytes.suffix(1024).contains(0x3B)
        case .heic, .avif:
            return !Self.boxesFit(bytes)
        case .tiff, .jpeg:
            return false
        }
    }

    /// Walks an ISO base media file's outermost boxes: each must fit, and one must hold media data.
    private static func boxesFit(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var offset = 0
        var hasMedia = false
        while offset + 8 <= bytes.count {
            hasMedia = hasMedia || bytes[offset + 4..<offset + 8].elementsEqual("mdat".utf8)
            var length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
            if length == 0 { return true }
            if length == 1 {
                guard offset + 16 <= bytes.count else { return false }
                // The highest byte is left out: no file is that long, and the sum below must not overflow.
                length = (9..<16).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
            }
            guard length >= 8 else { return true }
            offset += length
        }
        return offset == bytes.count && hasMedia
    }
}

extension Slice where Base == UnsafeBufferPointer<UInt8> {
    fileprivate func containsSequence(_ pattern: [UInt8]) -> Bool {
        guard count >= pattern.count else { return false }
        return indices.dropLast(pattern.count - 1).contains { start in
            pattern.indices.allSatisfy { self[start + $0] == pattern[$0] }
        }
    }
}
