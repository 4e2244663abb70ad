/// The first bytes of an inverted file, and where its sections lie.
///
/// All numbers have the least significant byte first. Every section begins at a multiple of 64 bytes:
///
/// | section | entries | |
/// |---|---|---|
/// | images | images × u32 | image numbers, strictly ascending; an image's position here is its *slot* |
/// | forward offsets | (images + 1) × u64 | where each image's words begin |
/// | forward words | postings × u16 (u32 past 65,536 words) | the words of image after image, ascending |
/// | list offsets | (words + 1) × u64 | where each word's list begins |
/// | slots | postings × u32 | the slots of list after list, ascending |
/// | codes | postings × codeBytes | the codes of list after list |
struct InvertedFileHeader {
    /// Bytes of the header: magic 8, version 4, scoring 4, words 4, code bytes 4, vocabulary 8, images 8, postings 8,
    /// file length 8, section checksums 6 × 8, zeros 16, checksum of the 120 bytes before 8.
    static let byteCount = 128
    private static let magic = Array("CAIRNIVF".utf8)
    private static let version: UInt32 = 1

    var scoring: InvertedIndexConfiguration.Scoring
    var wordCount: Int
    var codeBytes: Int
    var vocabularyFingerprint: UInt64
    var imageCount: Int
    var postingCount: Int
    var checksums: [UInt64] = Array(repeating: 0, count: Section.allCases.count)

    /// The sections, in the order of the file.
    enum Section: Int, CaseIterable { case images, forwardOffsets, forwardWords, listOffsets, slots, codes }

    /// Bytes of a word in the forward section.
    var wordBytes: Int { wordCount <= 1 << 16 ? 2 : 4 }

    /// Bytes of a section, without the padding behind it.
    func byteCount(of section: Section) -> Int {
        switch section {
        case .images: imageCount * 4
        case .forwardOffsets: (imageCount + 1) * 8
        case .forwardWords: postingCount * wordBytes
        case .listOffsets: (wordCount + 1) * 8
        case .slots: postingCount * 4
        case .codes: postingCount * codeBytes
        }
    }

    /// Where a section lies.
    func range(of section: Section) -> Range<Int> {
        var start = Self.byteCount
        for earlier in Section.allCases.prefix(section.rawValue) { start += (byteCount(of: earlier) + 63) & ~63 }
        return start..<start + byteCount(of: section)
    }

    /// The length of the file.
    var fileByteCount: Int { range(of: .codes).upperBound }

    /// The header's bytes.
    func encoded() -> [UInt8] {
        var bytes = Self.magic
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        for value in [Self.version, scoring.code, UInt32(wordCount), UInt32(codeBytes)] { append(value) }
        append(vocabularyFingerprint)
        for value in [imageCount, postingCount, fileByteCount] { append(UInt64(value)) }
        for checksum in checksums { append(checksum) }
        bytes.append(contentsOf: repeatElement(0, count: Self.byteCount - 8 - bytes.count))
        append(bytes.withUnsafeBytes { Checksum.of($0) })
        return bytes
    }
}

extension InvertedFileHeader {
    /// Reads the header of a whole file. Every count is within limits whose products cannot overflow, and the file is
    /// exactly as long as they say, so the sections lie inside it.
    init(decoding file: MappedFile) throws(IndexError) {
        let bytes = file.bytes
        guard bytes.count >= Self.byteCount, bytes.prefix(8).elementsEqual(Self.magic) else {
            throw IndexError(.invalidInput, "\(file.path) is not an inverted file, or only the beginning of one")
        }
        func field32(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        func field64(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        guard field32(8) == Self.version else {
            throw IndexError(
                .unsupported, "\(file.path) is an inverted file of version \(field32(8)); this build reads version 1")
        }
        guard
            field64(Self.byteCount - 8) == Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<(Self.byteCount - 8)]))
        else { throw IndexError.corrupted(file.path, "its header's checksum is wrong") }
        guard let scoring = InvertedIndexConfiguration.Scoring(code: field32(12)),
            (1...UInt32(Vocabulary.maximumCount)).contains(field32(16)),
            (1...UInt32(Vocabulary.maximumDimensions)).contains(field32(20)),
            field64(32) <= 1 << 32, field64(40) <= 1 << 40
        else { throw IndexError.corrupted(file.path, "its header has impossible counts") }
        self.init(
            scoring: scoring, wordCount: Int(field32(16)), codeBytes: Int(field32(20)),
            vocabularyFingerprint: field64(24),
            imageCount: Int(field64(32)), postingCount: Int(field64(40)))
        guard field64(48) == UInt64(fileByteCount), bytes.count == fileByteCount else {
            throw IndexError.corrupted(file.path, "it has \(bytes.count) bytes where its header says \(field64(48))")
        }
        checksums = Section.allCases.map { field64(56 + 8 * $0.rawValue) }
    }
}

extension InvertedIndexConfiguration.Scoring {
    /// The method's number in files.
    fileprivate var code: UInt32 {
        switch self {
        case .aggregatedMatchKernel: 1
        case .nearestDescriptorVoting: 2
        }
    }

    fileprivate init?(code: UInt32) {
        guard let match = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = match
    }
}
