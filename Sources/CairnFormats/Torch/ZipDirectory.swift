/// The entries of a zip archive whose contents lie in it as they are, which is how torch writes.
///
/// Format: PKWARE's APPNOTE 6.3.9, sections 4.3 to 4.5, with Zip64. Compressed and encrypted entries are refused, and so are
/// doubled names and overlapping entries; so no archive can unfold to more than its own size.
struct ZipDirectory {
    /// Each entry's bytes by its name.
    let entries: [String: ByteSlice]

    private static let localSignature: UInt32 = 0x0403_4B50
    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locator64Signature: UInt32 = 0x0706_4B50

    /// Whether `bytes` begin as an archive with at least one entry.
    static func isArchive(_ bytes: ByteSlice) -> Bool {
        bytes.count >= 4 && bytes.integer(at: 0, as: UInt32.self) == localSignature
    }

    private struct Extent {
        var offset: Int
        var size: Int
        var count: Int
    }

    init(_ bytes: ByteSlice) throws(FormatError) {
        let extent = try Self.directory(in: bytes)
        let directory = try bytes.part(at: extent.offset, count: extent.size, "the archive's directory")
        // An entry takes 46 bytes, so the count cannot ask for more work than the file is long.
        guard extent.count <= extent.size / 46 else {
            throw FormatError.malformed(bytes.source, "its archive cannot hold \(extent.count) entries")
        }
        var reader = ByteReader(directory)
        var entries: [String: ByteSlice] = [:]
        var ranges: [Range<Int>] = []
        for _ in 0..<extent.count {
            let (name, content, range) = try Self.entry(&reader, in: bytes)
            guard entries.updateValue(content, forKey: name) == nil else {
                throw FormatError.malformed(bytes.source, "its archive has \(FormatError.quoted(name)) twice")
            }
            ranges.append(range)
        }
        ranges.sort { $0.lowerBound < $1.lowerBound }
        var end = 0
        for range in ranges {
            guard range.lowerBound >= end, range.upperBound <= extent.offset else {
                throw FormatError.malformed(bytes.source, "entries of its archive overlap")
            }
            end = range.upperBound
        }
        self.entries = entries
    }

    /// Finds the directory through the record at the archive's end, which a comment may follow.
    private static func directory(in bytes: ByteSlice) throws(FormatError) -> Extent {
        let size = 22
        guard bytes.count >= size else { throw FormatError.malformed(bytes.source, "its archive is cut short") }
        let last = bytes.count - size
        let found = stride(from: last, through: max(0, last - 0xFFFF), by: -1).first { position in
            bytes.integer(at: position, as: UInt32.self) == endSignature
                && position + size + Int(bytes.integer(at: position + 20, as: UInt16.self)) == bytes.count
        }
        guard let found else {
            throw FormatError.malformed(bytes.source, "its archive has no end; the file is cut short")
        }
        let extent = Extent(
            offset: Int(bytes.integer(at: found + 16, as: UInt32.self)),
            size: Int(bytes.integer(at: found + 12, as: UInt32.self)),
            count: Int(bytes.integer(at: found + 10, as: UInt16.self)))
        guard found >= 20, bytes.integer(at: found - 20, as: UInt32.self) == locator64Signature else { return extent }
        var locator = ByteReader(try bytes.part(at: found - 12, count: 8, "the archive's end"))
        let start = try locator.count()
        var record = ByteReader(try bytes.part(at: start, count: 56, "the archive's end"))
        guard try record.integer(UInt32.self) == end64Signature else {
            throw FormatError.malformed(bytes.source, "its archive's 64-bit end is not where it should be")
        }
        _ = try record.take(28)
        let count = try record.count()
        let directorySize = try record.count()
        return Extent(offset: try record.count(), size: directorySize, count: count)
    }

    /// Reads one record of the directory; the range is that of the entry's own header and content.
    private static func entry(
        _ reader: inout ByteReader, in bytes: ByteSlice
    ) throws(FormatError) -> (String, ByteSlice, Range<Int>) {
        let record = try reader.take(46)
        guard record.integer(at: 0, as: UInt32.self) == entrySignature else {
            throw FormatError.malformed(bytes.source, "its archive's directory is damaged")
        }
        let flags = record.integer(at: 8, as: UInt16.self)
        let method = record.integer(at: 10, as: UInt16.self)
        guard let name = try reader.take(Int(record.integer(at: 28, as: UInt16.self))).text() else {
            throw FormatError.malformed(bytes.source, "a name in its archive is not UTF-8")
        }
        let extra = try reader.take(Int(record.integer(at: 30, as: UInt16.self)))
        _ = try reader.take(Int(record.integer(at: 32, as: UInt16.self)))
        guard flags & 1 == 0, method == 0 else {
            throw FormatError(
                .unsupported,
                "\(bytes.source): \(FormatError.quoted(name)) is \(method == 0 ? "encrypted" : "compressed") in its archive, "
                    + "which torch never does; save the checkpoint again")
        }
        var fields: [UInt32: Int] = [:]
        for offset: UInt32 in [24, 20, 42] { fields[offset] = Int(record.integer(at: Int(offset), as: UInt32.self)) }
        // Zip64 replaces, in this order, those fields that are full.
        var wide = ByteReader(try zip64(extra))
        for offset: UInt32 in [24, 20, 42] where fields[offset] == Int(UInt32.max) {
            if wide.remaining >= 8 { fields[offset] = try wide.count() }
        }
        guard let size = fields[24], let storedSize = fields[20], let start = fields[42], size == storedSize else {
            throw FormatError.malformed(bytes.source, "\(FormatError.quoted(name)) has two sizes in its archive")
        }
        let header = try bytes.part(at: start, count: 30, FormatError.quoted(name))
        guard header.integer(at: 0, as: UInt32.self) == localSignature else {
            throw FormatError.malformed(bytes.source, "\(FormatError.quoted(name)) is not where its archive says")
        }
        let skipped = 30 + Int(header.integer(at: 26, as: UInt16.self)) + Int(header.integer(at: 28, as: UInt16.self))
        let content = try bytes.part(at: start + skipped, count: size, FormatError.quoted(name))
        return (name, content, start..<(start + skipped + size))
    }

    /// The extra field that holds sizes beyond 32 bits, or nothing.
    private static func zip64(_ extra: ByteSlice) throws(FormatError) -> ByteSlice {
        var reader = ByteReader(extra)
        while reader.remaining >= 4 {
            let id = try reader.integer(UInt16.self)
            let field = try reader.take(min(reader.remaining, Int(reader.integer(UInt16.self))))
            if id == 1 { return field }
        }
        return try extra.part(at: 0, count: 0, "an extra field")
    }
}
