import CImageCodecs
import CairnCore

/// A JPEG whose header has been read by libjpeg-turbo. Decodes once; the bytes must outlive it.
final class JPEGFile: EncodedImage {
    private let reader: OpaquePointer
    private let kind: Int32

    init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var failure = cairn_codec_failure()
        guard let reader = cairn_jpeg_open(bytes.baseAddress, bytes.count, &failure) else {
            throw ImagingError(failure, decoding: .jpeg, looksTruncated: false)
        }
        self.reader = reader
        kind = cairn_jpeg_kind(reader)
    }

    deinit { cairn_jpeg_close(reader) }

    var format: ImageFormat { .jpeg }

    var isOrientedByCodec: Bool { false }

    var storedSize: ImageSize {
        ImageSize(width: Int(cairn_jpeg_width(reader)), height: Int(cairn_jpeg_height(reader)))
    }

    var exif: EXIFMetadata {
        var count = 0
        return EXIFMetadata(tiff: UnsafeBufferPointer(start: cairn_jpeg_exif(reader, &count), count: count))
    }

    var hasProfile: Bool { !profile.isEmpty }

    private var profile: UnsafeBufferPointer<UInt8> {
        var count = 0
        return UnsafeBufferPointer(start: cairn_jpeg_profile(reader, &count), count: count)
    }

    /// Whether decoded samples are sRGB (or its luma) already.
    private var isStandard: Bool {
        kind != CAIRN_JPEG_CMYK && (profile.isEmpty || ICCProfile(profile).isStandardRGB)
    }

    func gray(target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> GrayImage {
        guard isStandard else { return try rgb(target: target, truncation: truncation).luma() }
        return GrayImage(
            size: target,
            pixels: try decode(
                channels: 1, PixelRegion(x0: 0, y0: 0, x1: Double(storedSize.width), y1: Double(storedSize.height)),
                target, truncation))
    }

    func rgb(target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> RGBImage {
        let whole = PixelRegion(x0: 0, y0: 0, x1: Double(storedSize.width), y1: Double(storedSize.height))
        return try rgb(part: whole, target: target, truncation: truncation)
    }

    func rgb(part: PixelRegion, target: ImageSize, truncation: DecodingConfiguration.Truncation) throws -> RGBImage {
        // Colours are converted after the reduction: far fewer pixels, and a reduction mixes encoded values either way.
        let samples = try decode(channels: Int(kind), part, target, truncation)
        if isStandard {
            return kind == CAIRN_JPEG_GRAY
                ? GrayImage(size: target, pixels: samples).rgb() : RGBImage(size: target, pixels: samples)
        }
        var failure = cairn_codec_failure()
        let profile = profile
        var converted = [UInt8](repeating: 0, count: target.pixelCount * 3)
        cairn_vips_enter(false)
        defer { cairn_vips_leave() }
        guard
            cairn_vips_to_srgb(
                samples, Int32(target.width), Int32(target.height), kind, profile.baseAddress, profile.count,
                &converted, &failure)
        else { throw ImagingError(failure, decoding: .jpeg, looksTruncated: false) }
        return RGBImage(size: target, pixels: converted)
    }

    private func decode(
        channels: Int, _ part: PixelRegion, _ target: ImageSize, _ truncation: DecodingConfiguration.Truncation
    ) throws -> [UInt8] {
        var failure = cairn_codec_failure()
        let count = target.pixelCount * channels
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard
                cairn_jpeg_decode_part(
                    reader, Int32(channels), part.x0, part.y0, part.x1 - part.x0, part.y1 - part.y0,
                    Int32(target.width), Int32(target.height), truncation == .keepPartial, buffer.baseAddress, &failure)
            else { throw ImagingError(failure, decoding: .jpeg, looksTruncated: false) }
            initialized = count
        }
    }
}
