/// The file of a vocabulary, all numbers with the least significant byte first:
///
/// | bytes | |
/// |---|---|
/// | 8 | `CAIRNVOC` |
/// | 4, 4, 4, 4 | version 1, dimensions, words, bytes of the note |
/// | 8 | xxHash of everything behind these 32 bytes, seeded with that of the first 24 |
/// | … | the note in UTF-8, then the words |
extension Vocabulary {
    private static let magic = Array("CAIRNVOC".utf8)
    private static let version: UInt32 = 1
    private static let headerBytes = 32
    private static let maximumNoteBytes = 1 << 16

    /// Reads a vocabulary file.
    ///
    /// - Throws: `IndexError`: not found, not a vocabulary, a newer version, or damaged (the checksum covers every
    ///   byte).
    public init(contentsOf path: String) throws(IndexError) {
        self = try MappedFile(path: path).withBytes { (bytes) throws(IndexError) in
            try Self(decoding: bytes, path: path)
        }
    }

    private init(decoding bytes: UnsafeRawBufferPointer, path: String) throws(IndexError) {
        guard bytes.count >= Self.headerBytes, bytes.prefix(8).elementsEqual(Self.magic) else {
            throw IndexError(.invalidInput, "\(path) is not a vocabulary; make one with “cairn vocabulary train”")
        }
        func field(_ offset: Int) -> Int {
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard field(8) == Self.version else {
            throw IndexError(.unsupported, "\(path) is a vocabulary of version \(field(8)); this build reads version 1")
        }
        let (dimensions, count, noteBytes) = (field(12), field(16), field(20))
        guard Self.supportedDimensions.contains(dimensions), (1...Self.maximumCount).contains(count),
            noteBytes <= Self.maximumNoteBytes, bytes.count == Self.headerBytes + noteBytes + count * dimensions
        else { throw IndexError.corrupted(path, "its size does not match its header") }
        let stored = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        guard stored == Self.checksum(bytes) else { throw IndexError.corrupted(path, "its checksum is wrong") }
        let note = String(decoding: bytes[Self.headerBytes..<Self.headerBytes + noteBytes], as: UTF8.self)
        try self.init(words: Array(bytes[(Self.headerBytes + noteBytes)...]), dimensions: dimensions, note: note)
    }

    /// Writes a vocabulary file. It appears complete or not at all; an existing one is replaced.
    ///
    /// - Throws: `IndexError` when the note is longer than 64 KiB or the file cannot be written.
    public func write(to path: String) throws(IndexError) {
        let noteBytes = Array(note.utf8)
        guard noteBytes.count <= Self.maximumNoteBytes else {
            throw IndexError(.invalidArgument, "a vocabulary's note may have 64 KiB, not \(noteBytes.count) bytes")
        }
        var bytes = Self.magic
        for value in [Self.version, UInt32(dimensions), UInt32(count), UInt32(noteBytes.count)] {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.append(contentsOf: repeatElement(0, count: 8))
        bytes += noteBytes
        bytes += words
        let checksum = bytes.withUnsafeBytes { Self.checksum($0) }
        withUnsafeBytes(of: checksum.littleEndian) { bytes.replaceSubrange(24..<32, with: $0) }
        let file = try OutputFile(path: path)
        try bytes.withUnsafeBufferPointer { (content) throws(IndexError) in
            try file.write(UnsafeRawBufferPointer(content), at: 0)
        }
        try file.commit()
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let header = Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<24]))
        return Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[headerBytes...]), seed: header)
    }
}
