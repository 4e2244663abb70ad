import CImageCodecs
import CairnCore
import FoundationEssentials

extension RGBImage {
    /// The image as a baseline JPEG; chroma is halved below quality 90.
    ///
    /// - Parameter quality: 1 (smallest) to 100 (best); values outside are clamped.
    /// - Throws: `ImagingError.Code.encodingFailed` when a side is longer than JPEG's 65,500 pixels.
    public func encodeJPEG(quality: Int = 90) throws -> Data {
        try encode("JPEG", size) { bytes, count, failure in
            cairn_jpeg_encode(
                pixels, Int32(width), Int32(height), 3, Int32(min(max(quality, 1), 100)), &bytes, &count, &failure)
        }
    }

    /// The image as a PNG, without loss.
    public func encodePNG() throws -> Data {
        try encode("PNG", size) { bytes, count, failure in
            cairn_vips_enter(false)
            defer { cairn_vips_leave() }
            return cairn_png_encode(pixels, Int32(width), Int32(height), 3, &bytes, &count, &failure)
        }
    }
}

extension GrayImage {
    /// The image as a baseline JPEG of one channel.
    ///
    /// - Parameter quality: 1 (smallest) to 100 (best); values outside are clamped.
    /// - Throws: `ImagingError.Code.encodingFailed` when a side is longer than JPEG's 65,500 pixels.
    public func encodeJPEG(quality: Int = 90) throws -> Data {
        try encode("JPEG", size) { bytes, count, failure in
            cairn_jpeg_encode(
                pixels, Int32(width), Int32(height), 1, Int32(min(max(quality, 1), 100)), &bytes, &count, &failure)
        }
    }

    /// The image as a PNG of one channel, without loss.
    public func encodePNG() throws -> Data {
        try encode("PNG", size) { bytes, count, failure in
            cairn_vips_enter(false)
            defer { cairn_vips_leave() }
            return cairn_png_encode(pixels, Int32(width), Int32(height), 1, &bytes, &count, &failure)
        }
    }
}

private func encode(
    _ format: String, _ size: ImageSize,
    _ body: (inout UnsafeMutablePointer<UInt8>?, inout Int, inout cairn_codec_failure) -> Bool
) throws -> Data {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var failure = cairn_codec_failure()
    guard body(&bytes, &count, &failure), let bytes else {
        throw ImagingError(
            .encodingFailed, "an image of \(size) could not be written as \(format)", detail: failure.text)
    }
    defer { cairn_codec_free(bytes) }
    return Data(bytes: bytes, count: count)
}
