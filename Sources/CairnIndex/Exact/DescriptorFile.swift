import CKernels
import CairnCore

/// One immutable part of an exact index, memory-mapped: the global descriptors of images, as 32-bit floats and as 8-bit
/// codes for scanning. `DescriptorFileHeader` has the layout.
///
/// Descriptors have length 1; their inner product is their similarity. A file takes about 5 bytes a dimension, of which a
/// search reads 1.
///
/// Opening checks the header's checksum, all sizes, image numbers, scales and residuals; `verify()` the codes and the
/// vectors, by far the most of the file.
public final class DescriptorFile: @unchecked Sendable {
    // Unchecked: everything points into read-only mapped memory, which `file` keeps alive.

    /// Dimensions that a descriptor may have.
    public static let dimensionRange = 8...Int(CAIRN_SCAN_MAX_DIMENSIONS)

    /// Bytes of a model's digest: a SHA-256.
    public static let digestByteCount = 32

    /// How far a descriptor's length may be from 1.
    static let normTolerance = 0.01

    /// Images whose codes are scanned together; `blockResiduals` has an entry for each block.
    static let blockSize = 128

    let header: DescriptorFileHeader
    let imageNumbers: UnsafeBufferPointer<UInt32>
    let scales: UnsafeBufferPointer<Float>
    let residuals: UnsafeBufferPointer<Float>
    let codes: UnsafeBufferPointer<UInt8>
    let vectors: UnsafeBufferPointer<Float>

    /// The greatest residual of each `blockSize` images.
    let blockResiduals: [Float]

    private let file: MappedFile

    /// Where the file lies.
    public var path: String { file.path }

    /// Values of a descriptor.
    public var dimensions: Int { header.dimensions }

    /// The SHA-256 of what the descriptors were made with.
    public var modelDigest: [UInt8] { header.modelDigest }

    /// The number of images.
    public var count: Int { header.imageCount }

    /// The length of the file.
    public var byteCount: Int { header.fileByteCount }

    /// The images, ascending.
    public var images: some RandomAccessCollection<ImageID> {
        // Through the file itself, which so stays mapped for as long as the collection is held.
        (0..<count).lazy.map { ImageID(self.imageNumbers[$0]) }
    }

    /// Opens a file. Linear in the number of images, not of dimensions.
    ///
    /// - Throws: `IndexError`: not found, not a descriptor file, a newer version, or damaged.
    public init(path: String) throws(IndexError) {
        file = try MappedFile(path: path)
        header = try DescriptorFileHeader(decoding: file)
        imageNumbers = Self.section(.images, of: file, header)
        scales = Self.section(.scales, of: file, header)
        residuals = Self.section(.residuals, of: file, header)
        codes = Self.section(.codes, of: file, header)
        vectors = Self.section(.vectors, of: file, header)
        for i in imageNumbers.indices.dropFirst() where imageNumbers[i - 1] >= imageNumbers[i] {
            throw IndexError.corrupted(path, "its image numbers do not ascend")
        }
        var greatest: [Float] = []
        greatest.reserveCapacity(header.imageCount / Self.blockSize + 1)
        for start in stride(from: 0, to: header.imageCount, by: Self.blockSize) {
            var most: Float = 0
            for slot in start..<min(header.imageCount, start + Self.blockSize) {
                let (scale, residual) = (scales[slot], residuals[slot])
                guard scale > 0, scale <= 1, residual >= 0, residual <= 1 else {
                    throw IndexError.corrupted(path, "image \(imageNumbers[slot]) has an impossible scale or residual")
                }
                most = max(most, residual)
            }
            greatest.append(most)
        }
        blockResiduals = greatest
    }

    /// Whether the file has an image. Logarithmic in the number of images.
    public func contains(_ image: ImageID) -> Bool { slot(of: image) != nil }

    /// The descriptor of an image as it was written, or `nil` when the file does not have the image.
    public func descriptor(of image: ImageID) -> [Float]? {
        withExtendedLifetime(self) {
            slot(of: image).map { Array(vectors[$0 * dimensions..<($0 + 1) * dimensions]) }
        }
    }

    /// The position of an image in the file.
    func slot(of image: ImageID) -> Int? {
        let slot = imageNumbers.partitioningIndex { $0 >= image.rawValue }
        return slot < count && imageNumbers[slot] == image.rawValue ? slot : nil
    }

    /// What a section has of the image at `slot`.
    func bytes(of section: DescriptorFileHeader.Section, at slot: Int) -> UnsafeRawBufferPointer {
        let size = header.byteCount(of: section) / count
        let start = header.range(of: section).lowerBound + slot * size
        return UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + size])
    }

    /// Reads the whole file and checks everything that opening leaves out: checksums of all sections, and that codes,
    /// scales and residuals are those of the vectors.
    ///
    /// - Throws: `IndexError` of kind `corrupted`, naming what is wrong.
    public func verify() throws(IndexError) {
        defer { withExtendedLifetime(self) {} }
        var end = DescriptorFileHeader.byteCount
        for section in DescriptorFileHeader.Section.allCases {
            let range = header.range(of: section)
            guard Checksum.of(UnsafeRawBufferPointer(rebasing: file.bytes[range])) == header.checksums[section.rawValue]
            else { throw IndexError.corrupted(path, "the checksum of its \(section) is wrong") }
            guard file.bytes[end..<range.lowerBound].allSatisfy({ $0 == 0 }) else {
                throw IndexError.corrupted(path, "the padding before its \(section) is not zero")
            }
            end = range.upperBound
        }
        guard let vectors = vectors.baseAddress else { return }
        var expected = [UInt8](repeating: 0, count: header.stride)
        for slot in 0..<count {
            let code = cairn_scan_encode_row(vectors + slot * dimensions, dimensions, &expected)
            guard code.scale == scales[slot], code.residual == residuals[slot],
                bytes(of: .codes, at: slot).elementsEqual(expected)
            else { throw IndexError.corrupted(path, "the codes of image \(imageNumbers[slot]) are not its vector's") }
        }
    }

    private static func section<Element>(
        _ section: DescriptorFileHeader.Section, of file: MappedFile, _ header: DescriptorFileHeader
    ) -> UnsafeBufferPointer<Element> {
        // Sections begin at multiples of 64 bytes of a page-aligned mapping, which suits every element type used.
        UnsafeRawBufferPointer(rebasing: file.bytes[header.range(of: section)]).bindMemory(to: Element.self)
    }
}
