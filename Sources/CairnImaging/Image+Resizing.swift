import CImageCodecs
import CairnCore

extension GrayImage {
    /// The image at another size: antialiased separable Lanczos of radius 3, pixel centres at +0.5.
    ///
    /// Weights have 14 bits, so results may differ by 1 from floating point. O(pixels). Traps on an empty size; throws
    /// `ImagingError.Code.outOfMemory`.
    public func resized(to target: ImageSize) throws -> GrayImage {
        target == size
            ? self : GrayImage(size: target, pixels: try resample(pixels, from: size, to: target, channels: 1))
    }

    /// The image with its longer side reduced to `longSide` pixels; unchanged when it is no longer than that.
    public func resized(toLongSide longSide: Int) throws -> GrayImage {
        try resized(to: size.fitted(toLongSide: longSide))
    }
}

extension RGBImage {
    /// The image at another size: antialiased separable Lanczos of radius 3, pixel centres at +0.5.
    ///
    /// Weights have 14 bits, so results may differ by 1 from floating point. O(pixels). Traps on an empty size; throws
    /// `ImagingError.Code.outOfMemory`.
    public func resized(to target: ImageSize) throws -> RGBImage {
        target == size
            ? self : RGBImage(size: target, pixels: try resample(pixels, from: size, to: target, channels: 3))
    }

    /// The image with its longer side reduced to `longSide` pixels; unchanged when it is no longer than that.
    public func resized(toLongSide longSide: Int) throws -> RGBImage {
        try resized(to: size.fitted(toLongSide: longSide))
    }
}

extension RGBImage {
    /// A part of the image at another size, in one step: edges of the part may lie within pixels, and the filter reads past them as
    /// far as the image goes. Traps unless the part lies inside of the image and both sizes are positive; throws
    /// `ImagingError.Code.outOfMemory`.
    public func resized(_ part: PixelRegion, to target: ImageSize) throws -> RGBImage {
        precondition(
            part.x0 >= 0 && part.y0 >= 0 && part.x0 < part.x1 && part.y0 < part.y1 && part.x1 <= Double(width)
                && part.y1 <= Double(height) && min(target.width, target.height) > 0,
            "resizing \(part) of \(size) to \(target)")
        let count = target.pixelCount * 3
        let resized = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard
                cairn_resize_part(
                    pixels, Int32(width), Int32(height), 3, part.x0, part.y0, part.x1 - part.x0, part.y1 - part.y0,
                    buffer.baseAddress, Int32(target.width), Int32(target.height), false)
            else { throw ImagingError(.outOfMemory, "not enough memory to resize \(part) of \(size) to \(target)") }
            initialized = count
        }
        return RGBImage(size: target, pixels: resized)
    }
}

private func resample(_ pixels: [UInt8], from source: ImageSize, to target: ImageSize, channels: Int) throws -> [UInt8]
{
    precondition(
        min(source.width, source.height, target.width, target.height) > 0, "resizing \(source) to \(target)")
    let count = target.pixelCount * channels
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        guard
            cairn_resize(
                pixels, Int32(source.width), Int32(source.height), Int32(channels), buffer.baseAddress,
                Int32(target.width), Int32(target.height))
        else { throw ImagingError(.outOfMemory, "not enough memory to resize \(source) to \(target)") }
        initialized = count
    }
}
