import CairnCore
import CairnImaging

/// A decoded photo that several extractors look at, each at its own size.
public struct ExtractionPhoto: Sendable {
    /// The pixels as they were decoded.
    public enum Pixels: Sendable {
        /// Luma alone.
        case luma(GrayImage)
        /// sRGB.
        case rgb(RGBImage)
    }

    /// The pixels as they were decoded, upright.
    public let pixels: Pixels

    /// Wraps luma.
    public init(_ image: GrayImage) { pixels = .luma(image) }

    /// Wraps sRGB.
    public init(_ image: RGBImage) { pixels = .rgb(image) }

    /// Decodes a photo as an extractor needs it.
    ///
    /// - Parameters:
    ///   - path: The photo.
    ///   - input: What the extractor, or the most demanding of several, wants.
    ///   - maximumPixels: Larger photos are refused, before anything is allocated for them.
    /// - Throws: `ImagingError`.
    public init(contentsOf path: String, for input: ExtractionInput, maximumPixels: Int = 250_000_000) throws {
        let decoder = ImageDecoder(
            configuration: DecodingConfiguration(maximumLongSide: input.longSide, maximumPixels: maximumPixels))
        switch input.channels {
        case .luma: pixels = .luma(try decoder.gray(contentsOf: path))
        case .rgb: pixels = .rgb(try decoder.rgb(contentsOf: path))
        }
    }

    /// Size as decoded.
    public var size: ImageSize {
        switch pixels {
        case .luma(let image): image.size
        case .rgb(let image): image.size
        }
    }

    /// The luma, its long side reduced to at most `longSide` pixels. Throws `ImagingError` when there is no memory for it.
    public func luma(longSide: Int) throws -> GrayImage {
        switch pixels {
        case .luma(let image): try image.resized(toLongSide: longSide)
        case .rgb(let image): try image.resized(toLongSide: longSide).luma()
        }
    }

    /// The colours, the long side reduced to at most `longSide` pixels; three equal channels where only luma was decoded.
    /// Throws `ImagingError` when there is no memory for it.
    public func rgb(longSide: Int) throws -> RGBImage {
        switch pixels {
        case .luma(let image): try image.resized(toLongSide: longSide).rgb()
        case .rgb(let image): try image.resized(toLongSide: longSide)
        }
    }
}
