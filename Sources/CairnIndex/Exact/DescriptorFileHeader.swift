import CKernels

/// The first bytes of a descriptor file, and where its sections lie.
///
/// All numbers have the least significant byte first. Every section begins at a multiple of 64 bytes:
///
/// | section | entries | |
/// |---|---|---|
/// | images | images × u32 | image numbers, strictly ascending; an image's position here is its *slot* |
/// | scales | images × f32 | what the codes of a vector are multiplied by |
/// | residuals | images × f32 | the length of what that leaves out of the vector, rounded up |
/// | codes | images × stride u8 | 128 + round(x / scale); stride is the dimensions rounded up to 64, filled with 128 |
/// | vectors | images × dimensions f32 | the vectors themselves |
struct DescriptorFileHeader {
    /// Bytes of the header: magic 8, version 4, dimensions 4, images 8, file length 8, model digest 32, section
    /// checksums 5 × 8, zeros 16, checksum of the 120 bytes before 8.
    static let byteCount = 128
    private static let magic = Array("CAIRNVEC".utf8)
    private static let version: UInt32 = 1

    var dimensions: Int
    var imageCount: Int
    var modelDigest: [UInt8]
    var checksums: [UInt64] = Array(repeating: 0, count: Section.allCases.count)

    /// The sections, in the order of the file.
    enum Section: Int, CaseIterable { case images, scales, residuals, codes, vectors }

    /// Bytes from the codes of one vector to the next.
    var stride: Int { cairn_scan_stride(dimensions) }

    /// Bytes of a section, without the padding behind it.
    func byteCount(of section: Section) -> Int {
        switch section {
        case .images, .scales, .residuals: imageCount * 4
        case .codes: imageCount * stride
        case .vectors: imageCount * dimensions * 4
        }
    }

    /// Where a section lies.
    func range(of section: Section) -> Range<Int> {
        var start = Self.byteCount
        for earlier in Section.allCases.prefix(section.rawValue) { start += (byteCount(of: earlier) + 63) & ~63 }
        return start..<start + byteCount(of: section)
    }

    /// The length of the file.
    var fileByteCount: Int { range(of: .vectors).upperBound }

    /// The header's bytes.
    func encoded() -> [UInt8] {
        var bytes = Self.magic
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(Self.version)
        append(UInt32(dimensions))
        append(UInt64(imageCount))
        append(UInt64(fileByteCount))
        bytes.append(contentsOf: modelDigest)
        for checksum in checksums { append(checksum) }
        bytes.append(contentsOf: repeatElement(0, count: Self.byteCount - 8 - bytes.count))
        append(bytes.withUnsafeBytes { Checksum.of($0) })
        return bytes
    }
}

extension DescriptorFileHeader {
    /// Reads the header of a whole file. Counts are within limits whose products cannot overflow, and the file is exactly
    /// as long as they say, so the sections lie inside it.
    init(decoding file: MappedFile) throws(IndexError) {
        let bytes = file.bytes
        guard bytes.count >= Self.byteCount, bytes.prefix(8).elementsEqual(Self.magic) else {
            throw IndexError(.invalidInput, "\(file.path) is not a descriptor file, or only the beginning of one")
        }
        func field32(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        func field64(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        guard field32(8) == Self.version else {
            throw IndexError(
                .unsupported, "\(file.path) is a descriptor file of version \(field32(8)); this build reads version 1")
        }
        guard
            field64(Self.byteCount - 8) == Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<(Self.byteCount - 8)]))
        else { throw IndexError.corrupted(file.path, "its header's checksum is wrong") }
        guard DescriptorFile.dimensionRange.contains(Int(field32(12))), field64(16) <= 1 << 32 else {
            throw IndexError.corrupted(file.path, "its header has impossible counts")
        }
        self.init(
            dimensions: Int(field32(12)), imageCount: Int(field64(16)),
            modelDigest: Array(bytes[32..<32 + DescriptorFile.digestByteCount]))
        guard field64(24) == UInt64(fileByteCount), bytes.count == fileByteCount else {
            throw IndexError.corrupted(file.path, "it has \(bytes.count) bytes where its header says \(field64(24))")
        }
        checksums = Section.allCases.map { field64(64 + 8 * $0.rawValue) }
    }
}
