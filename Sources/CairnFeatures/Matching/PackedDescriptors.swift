internal import CKernels

/// Byte descriptors in the order in which the matching kernels read them: packed once, compared with many images.
///
/// Takes 8 bytes a descriptor more than the descriptors themselves.
public final class PackedDescriptors: @unchecked Sendable {
    // Unchecked: the memory is written by the initialiser alone.
    let storage: UnsafeMutableRawPointer

    /// The number of descriptors.
    public let count: Int

    /// Bytes in a descriptor: a multiple of 4, at most 1,024.
    public let dimensions: Int

    /// How the bytes were made.
    public let quantization: DescriptorQuantization

    /// Packs `bytes`, which are `count * dimensions` bytes in row-major order, aligned anyhow.
    /// Traps when they do not divide into whole descriptors. Complexity: O(bytes).
    public init(
        bytes: UnsafeRawBufferPointer, dimensions: Int = LocalFeatures.rootSIFTDimensions,
        quantization: DescriptorQuantization = .unsigned
    ) {
        precondition(
            dimensions > 0 && dimensions % 4 == 0 && dimensions <= CAIRN_MATCH_MAX_DIMENSIONS,
            "descriptors of \(dimensions) bytes cannot be packed")
        precondition(
            bytes.count % dimensions == 0, "\(bytes.count) bytes are not whole descriptors of \(dimensions) bytes")
        self.dimensions = dimensions
        self.quantization = quantization
        count = bytes.count / dimensions
        storage = Self.allocate(count: count, dimensions: dimensions)
        if let rows = bytes.baseAddress { cairn_pack_u8(rows, count, dimensions, storage) }
    }

    /// Packs the descriptors of an image.
    public init(_ features: LocalFeatures) {
        dimensions = features.dimensions
        quantization = features.quantization
        count = features.count
        storage = Self.allocate(count: count, dimensions: dimensions)
        cairn_pack_u8(features.descriptors, count, dimensions, storage)
    }

    private static func allocate(count: Int, dimensions: Int) -> UnsafeMutableRawPointer {
        .allocate(byteCount: max(64, cairn_packed_u8_bytes(count, dimensions)), alignment: 64)
    }

    deinit { storage.deallocate() }
}
