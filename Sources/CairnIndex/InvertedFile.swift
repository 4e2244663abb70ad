import CairnCore

/// One immutable part of an inverted index, memory-mapped: for every word the images that have it, with their codes.
///
/// A file also keeps the words of each image (the forward section), so that removing images keeps all document
/// frequencies exact without rewriting anything. `InvertedFileHeader` has the layout.
///
/// Opening checks the header's checksum, all sizes, and every offset and image number; the postings themselves, by
/// far the most of the file, are checked where they are used, and by `verify()`.
public final class InvertedFile: @unchecked Sendable {
    // Unchecked: everything points into read-only mapped memory, which `file` keeps alive.

    let header: InvertedFileHeader
    let imageNumbers: UnsafeBufferPointer<UInt32>
    let slots: UnsafeBufferPointer<UInt32>
    let codes: UnsafeBufferPointer<UInt8>
    private let file: MappedFile
    private let forwardOffsets: UnsafeBufferPointer<UInt64>
    private let listOffsets: UnsafeBufferPointer<UInt64>

    /// Where the file lies.
    public var path: String { file.path }

    /// The method that its codes are made for.
    public var scoring: InvertedIndexConfiguration.Scoring { header.scoring }

    /// The vocabulary that its words come from.
    public var vocabularyFingerprint: UInt64 { header.vocabularyFingerprint }

    /// The number of words of its vocabulary.
    public var wordCount: Int { header.wordCount }

    /// The number of images.
    public var count: Int { header.imageCount }

    /// The number of postings: pairs of an image and a word, with a code.
    public var postingCount: Int { header.postingCount }

    /// The length of the file.
    public var byteCount: Int { header.fileByteCount }

    /// The images, ascending.
    public var images: some RandomAccessCollection<ImageID> {
        // Through the file itself, which so stays mapped for as long as the collection is held.
        (0..<count).lazy.map { ImageID(self.imageNumbers[$0]) }
    }

    /// Opens a file. Linear in the numbers of images and words, not of postings.
    ///
    /// - Throws: `IndexError`: not found, not an inverted file, a newer version, or damaged.
    public init(path: String) throws(IndexError) {
        file = try MappedFile(path: path)
        header = try InvertedFileHeader(decoding: file)
        imageNumbers = Self.section(.images, of: file, header)
        forwardOffsets = Self.section(.forwardOffsets, of: file, header)
        listOffsets = Self.section(.listOffsets, of: file, header)
        slots = Self.section(.slots, of: file, header)
        codes = Self.section(.codes, of: file, header)
        for (name, offsets) in [("image", forwardOffsets), ("list", listOffsets)] {
            var previous: UInt64 = 0
            guard offsets.first == 0, offsets.last == UInt64(header.postingCount),
                offsets.allSatisfy({ offset in
                    defer { previous = offset }; return offset >= previous
                })
            else { throw IndexError.corrupted(path, "its \(name) offsets do not ascend to the number of postings") }
        }
        for i in imageNumbers.indices.dropFirst() where imageNumbers[i - 1] >= imageNumbers[i] {
            throw IndexError.corrupted(path, "its image numbers do not ascend")
        }
    }

    /// Whether the file has an image. Logarithmic in the number of images.
    public func contains(_ image: ImageID) -> Bool { slot(of: image) != nil }

    /// The postings of a word: positions in `slots`, and in `codes` times the bytes of a code.
    func list(of word: Int) -> Range<Int> { Int(listOffsets[word])..<Int(listOffsets[word + 1]) }

    /// Where the words of the image at `slot` lie in the forward section.
    func forwardRange(of slot: Int) -> Range<Int> { Int(forwardOffsets[slot])..<Int(forwardOffsets[slot + 1]) }

    /// The word at a position of the forward section. Not checked against the number of words.
    func forwardWord(at position: Int) -> Int {
        let start = header.range(of: .forwardWords).lowerBound + position * header.wordBytes
        return header.wordBytes == 2
            ? Int(UInt16(littleEndian: file.bytes.load(fromByteOffset: start, as: UInt16.self)))
            : Int(UInt32(littleEndian: file.bytes.load(fromByteOffset: start, as: UInt32.self)))
    }

    /// The forward section as it lies in the file.
    func forwardBytes(_ positions: Range<Int>) -> UnsafeRawBufferPointer {
        let start = header.range(of: .forwardWords).lowerBound
        return UnsafeRawBufferPointer(
            rebasing: file.bytes[
                start + positions.lowerBound * header.wordBytes..<start + positions.upperBound * header.wordBytes])
    }

    /// The code of a posting, as raw bytes.
    func code(at position: Int) -> UnsafeRawBufferPointer {
        let start = position * header.codeBytes
        return UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: codes[start..<start + header.codeBytes]))
    }

    /// The position of an image in the file.
    func slot(of image: ImageID) -> Int? {
        let slot = imageNumbers.partitioningIndex { $0 >= image.rawValue }
        return slot < count && imageNumbers[slot] == image.rawValue ? slot : nil
    }

    /// Reads the whole file and checks everything that opening leaves out: checksums of all sections, and that the
    /// lists and the images' words say the same.
    ///
    /// - Throws: `IndexError` of kind `corrupted`, naming what is wrong.
    public func verify() throws(IndexError) {
        defer { withExtendedLifetime(self) {} }
        for section in InvertedFileHeader.Section.allCases {
            let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[header.range(of: section)])
            guard Checksum.of(bytes) == header.checksums[section.rawValue] else {
                throw IndexError.corrupted(path, "the checksum of its \(section) is wrong")
            }
        }
        var end = InvertedFileHeader.byteCount
        for section in InvertedFileHeader.Section.allCases {
            let range = header.range(of: section)
            guard file.bytes[end..<range.lowerBound].allSatisfy({ $0 == 0 }) else {
                throw IndexError.corrupted(path, "the padding before its \(section) is not zero")
            }
            end = range.upperBound
        }
        var frequencies = [Int](repeating: 0, count: wordCount)
        for slot in 0..<count {
            var previous = 0
            for position in forwardRange(of: slot) {
                let word = forwardWord(at: position)
                guard word < wordCount, word >= previous else {
                    throw IndexError.corrupted(path, "the words of image \(imageNumbers[slot]) do not ascend")
                }
                frequencies[word] += 1
                previous = word
            }
        }
        for word in 0..<wordCount {
            let list = list(of: word)
            guard list.count == frequencies[word] else {
                throw IndexError.corrupted(path, "the list of word \(word) does not match the images' words")
            }
            var previous: UInt32 = 0
            for position in list {
                guard slots[position] < UInt32(clamping: count), slots[position] >= previous else {
                    throw IndexError.corrupted(path, "the list of word \(word) does not ascend")
                }
                previous = slots[position]
            }
        }
    }

    private static func section<Element>(
        _ section: InvertedFileHeader.Section, of file: MappedFile, _ header: InvertedFileHeader
    ) -> UnsafeBufferPointer<Element> {
        // Sections begin at multiples of 64 bytes of a page-aligned mapping, which suits every element type used.
        UnsafeRawBufferPointer(rebasing: file.bytes[header.range(of: section)]).bindMemory(to: Element.self)
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index whose element satisfies `predicate`, for elements of which none, some or all at the end do.
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
