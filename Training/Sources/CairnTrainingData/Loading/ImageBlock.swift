import CairnCore
import CairnImaging

/// Photos of one size, one after the other: `[count, height, width, 3]` bytes, RGB, not normalised.
///
/// Copies share the bytes; the last one to go frees them.
public struct ImageBlock: Sendable {
    /// Photos.
    public let count: Int
    /// Rows of each.
    public let height: Int
    /// Pixels of a row.
    public let width: Int
    private let storage: PixelStorage

    /// Room for photos; what it holds at first is not defined.
    init(count: Int, size: ImageSize) {
        self.count = count
        height = size.height
        width = size.width
        storage = PixelStorage(byteCount: count * size.pixelCount * 3)
    }

    /// Wraps photos of one size. Traps when there are none or sizes differ.
    public init(_ images: [RGBImage]) {
        precondition(!images.isEmpty && images.allSatisfy { $0.size == images[0].size }, "a block of different sizes")
        self.init(count: images.count, size: images[0].size)
        for (index, image) in images.enumerated() { write(image, at: index) }
    }

    /// Bytes of all photos: `count * height * width * 3`.
    public var byteCount: Int { count * bytesPerImage }

    private var bytesPerImage: Int { height * width * 3 }

    /// Gives the bytes of all photos to a closure; they are valid for its duration.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeBufferPointer(storage.bytes))
    }

    /// A photo by its place in the block. Traps when there is none.
    public func image(at index: Int) -> RGBImage {
        precondition((0..<count).contains(index), "photo \(index) of \(count)")
        let bytes = storage.bytes[index * bytesPerImage..<(index + 1) * bytesPerImage]
        return RGBImage(size: ImageSize(width: width, height: height), pixels: [UInt8](bytes))
    }

    /// Puts a photo in its place. Places may be written from several threads at once, each from one, before the block is given away.
    func write(_ image: RGBImage, at index: Int) {
        precondition(
            image.width == width && image.height == height && (0..<count).contains(index),
            "\(image.size) as photo \(index) of \(count) of \(width)x\(height)")
        let target = storage.bytes[index * bytesPerImage..<(index + 1) * bytesPerImage]
        _ = UnsafeMutableBufferPointer(rebasing: target).update(fromContentsOf: image.pixels)
    }
}

/// Bytes outside of Swift's arrays, so that several threads can fill them.
private final class PixelStorage: @unchecked Sendable {
    // Unchecked: written before the block is given away, each part by one thread, and only read afterwards.
    let bytes: UnsafeMutableBufferPointer<UInt8>

    init(byteCount: Int) { bytes = .allocate(capacity: byteCount) }

    deinit { bytes.deallocate() }
}
