import CairnCore

/// Writes an inverted file section by section, all of them growing at once, with flat memory.
struct InvertedFileWriter {
    private var header: InvertedFileHeader
    private let file: OutputFile
    private var sections: [OutputSection]
    private var forwardEnd: UInt64 = 0
    private var listEnd: UInt64 = 0

    /// Begins a file whose counts are known.
    init(header: InvertedFileHeader, path: String) throws(IndexError) {
        self.header = header
        let file = try OutputFile(path: path)
        try file.resize(to: header.fileByteCount)
        self.file = file
        sections = InvertedFileHeader.Section.allCases.map {
            OutputSection(of: file, at: header.range(of: $0).lowerBound)
        }
        try append(UInt64(0), to: .forwardOffsets)
        try append(UInt64(0), to: .listOffsets)
    }

    private mutating func append(
        _ value: some FixedWidthInteger, to section: InvertedFileHeader.Section
    ) throws(IndexError) {
        try sections[section.rawValue].append(value)
    }

    /// Adds the next image with its words, encoded as in the file. Images come in ascending order.
    mutating func append(image: UInt32, forward words: UnsafeRawBufferPointer) throws(IndexError) {
        try append(image, to: .images)
        try sections[InvertedFileHeader.Section.forwardWords.rawValue].append(words)
        forwardEnd += UInt64(words.count / header.wordBytes)
        try append(forwardEnd, to: .forwardOffsets)
    }

    /// Adds a posting to the list under way.
    mutating func append(slot: UInt32, code: UnsafeRawBufferPointer) throws(IndexError) {
        try append(slot, to: .slots)
        try sections[InvertedFileHeader.Section.codes.rawValue].append(code)
        listEnd += 1
    }

    /// Ends the list under way; there is one for each word, in order.
    mutating func endList() throws(IndexError) { try append(listEnd, to: .listOffsets) }

    /// Checksums everything, makes it durable and gives the file its name.
    mutating func commit() throws(IndexError) {
        precondition(
            forwardEnd == UInt64(header.postingCount) && listEnd == UInt64(header.postingCount),
            "\(forwardEnd) words of images and \(listEnd) postings where \(header.postingCount) were announced")
        for i in sections.indices { try sections[i].flush() }
        let layout = header
        header.checksums = try file.written().withBytes { (written) throws(IndexError) in
            InvertedFileHeader.Section.allCases.map {
                Checksum.of(UnsafeRawBufferPointer(rebasing: written[layout.range(of: $0)]))
            }
        }
        let bytes = header.encoded()
        let file = file
        try bytes.withUnsafeBufferPointer { (content) throws(IndexError) in
            try file.write(UnsafeRawBufferPointer(content), at: 0)
        }
        try file.commit()
    }
}

extension InvertedFile {
    /// Writes a new file. It appears complete and durable, or not at all; an existing one is replaced.
    ///
    /// Memory: 8 bytes a posting beside the images themselves.
    ///
    /// - Parameters:
    ///   - images: Images with their signatures, ascending by number. None at all is allowed.
    ///   - vocabulary: What the signatures' words come from.
    ///   - configuration: What the signatures were made with.
    ///   - path: Where to write.
    /// - Throws: `IndexError` when images do not ascend, a signature does not fit the vocabulary or the
    ///   configuration, or the file cannot be written.
    public static func write(
        _ images: [(ImageID, ImageSignature)], vocabulary: Vocabulary,
        configuration: InvertedIndexConfiguration = .asmk,
        to path: String
    ) throws(IndexError) {
        let header = InvertedFileHeader(
            scoring: configuration.scoring, wordCount: vocabulary.count,
            codeBytes: configuration.codeBytes(for: vocabulary), vocabularyFingerprint: vocabulary.fingerprint,
            imageCount: images.count, postingCount: images.reduce(0) { $0 + $1.1.count })
        try validate(images, header)

        // A counting sort of the postings by word; within a word they keep the order of the images.
        var ends = [Int](repeating: 0, count: header.wordCount)
        for (_, signature) in images { for word in signature.words { ends[Int(word)] += 1 } }
        var total = 0
        for word in ends.indices {
            let size = ends[word]
            ends[word] = total
            total += size
        }
        var order = [(slot: UInt32, position: UInt32)](repeating: (0, 0), count: header.postingCount)
        for (slot, image) in images.enumerated() {
            for (position, word) in image.1.words.enumerated() {
                order[ends[Int(word)]] = (UInt32(slot), UInt32(position))
                ends[Int(word)] += 1
            }
        }

        var writer = try InvertedFileWriter(header: header, path: path)
        for (image, signature) in images {
            let words = forwardBytes(of: signature.words, wordBytes: header.wordBytes)
            try words.withUnsafeBufferPointer { (bytes) throws(IndexError) in
                try writer.append(image: image.rawValue, forward: UnsafeRawBufferPointer(bytes))
            }
        }
        var next = 0
        for word in 0..<header.wordCount {
            while next < ends[word] {
                let (slot, position) = order[next]
                let start = Int(position) * header.codeBytes
                try images[Int(slot)].1.codes.withUnsafeBufferPointer { (codes) throws(IndexError) in
                    let code = UnsafeBufferPointer(rebasing: codes[start..<start + header.codeBytes])
                    try writer.append(slot: slot, code: UnsafeRawBufferPointer(code))
                }
                next += 1
            }
            try writer.endList()
        }
        try writer.commit()
    }

    private static func validate(
        _ images: [(ImageID, ImageSignature)], _ header: InvertedFileHeader
    ) throws(IndexError) {
        for (i, (image, signature)) in images.enumerated() {
            guard i == 0 || images[i - 1].0 < image else {
                throw IndexError(
                    .invalidArgument,
                    "image \(image) follows \(images[i - 1].0); give images in ascending order, each once")
            }
            guard signature.codeBytes == header.codeBytes, signature.words.last ?? 0 < UInt32(header.wordCount) else {
                throw IndexError(
                    .invalidArgument,
                    "the signature of image \(image) was made with another vocabulary or configuration")
            }
            guard
                header.scoring == .nearestDescriptorVoting
                    || zip(signature.words, signature.words.dropFirst()).allSatisfy({ $0 < $1 })
            else {
                throw IndexError(
                    .invalidArgument, "image \(image) has a word twice; an aggregated signature has each once")
            }
        }
    }

    private static func forwardBytes(of words: [UInt32], wordBytes: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * wordBytes)
        for word in words {
            for i in 0..<wordBytes { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * i))) }
        }
        return bytes
    }
}
