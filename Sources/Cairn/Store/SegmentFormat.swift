import CairnCore
import Crypto

/// Where an image's record lies: in which segment, from which byte of the frame, and how many bytes it has without it.
struct RecordLocation: Sendable, Hashable {
    var segment: Int64
    var offset: Int64
    var length: Int

    /// All bytes that the record takes, with frame and padding.
    var extent: Int64 { RecordFrame.extent(ofRecord: length) }
}

/// The bytes before each record of a segment: they say whose it is, and are wiped first when it is deleted.
///
/// Little-endian: magic 4, image number 4, record length 8, checksum of the record 8, zeros 8. Frames begin at
/// multiples of 64 bytes, so records begin at multiples of 32.
struct RecordFrame: Equatable {
    static let byteCount = 32
    static let alignment: Int64 = 64
    private static let magic: UInt32 = 0x4352_4543

    var image: ImageID
    var length: Int
    var checksum: UInt64

    static func extent(ofRecord length: Int) -> Int64 {
        (Int64(byteCount + length) + alignment - 1) / alignment * alignment
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: Self.magic)
        bytes.append(littleEndian: image.rawValue)
        bytes.append(littleEndian: UInt64(length))
        bytes.append(littleEndian: checksum)
        bytes.append(littleEndian: UInt64(0))
        return bytes
    }

    init(image: ImageID, length: Int, checksum: UInt64) {
        self.image = image
        self.length = length
        self.checksum = checksum
    }

    /// Reads a frame; `nil` when it was wiped or was never one.
    init?(decoding bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount, bytes.littleEndian(UInt32.self, at: 0) == Self.magic else { return nil }
        image = ImageID(bytes.littleEndian(UInt32.self, at: 4))
        guard let length = Int(exactly: bytes.littleEndian(UInt64.self, at: 8)) else { return nil }
        self.length = length
        checksum = bytes.littleEndian(UInt64.self, at: 16)
    }

    /// The checksum of a record: the first eight bytes of its SHA-256, most significant first.
    static func checksum(of record: UnsafeRawBufferPointer) -> UInt64 {
        var hash = SHA256()
        hash.update(bufferPointer: record)
        return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The beginning of a segment: which extractor made its records, with which settings.
///
/// Little-endian: magic 8, version 4, length of digest 4, length of configuration 4, zeros 4, checksum 8, then digest and
/// configuration (JSON) in UTF-8, then zeros up to a multiple of 4,096, where the first frame begins.
struct SegmentHeader: Equatable {
    static let fixedByteCount = 32
    static let pageSize = 4096
    static let version: UInt32 = 1
    private static let magic = Array("CAIRNSEG".utf8)
    private static let longestText = 1 << 20

    var digest: String
    var configurationJSON: String

    func encoded() -> [UInt8] {
        let text = Array(digest.utf8) + Array(configurationJSON.utf8)
        var bytes = Self.magic
        for value in [Self.version, UInt32(digest.utf8.count), UInt32(configurationJSON.utf8.count), 0] {
            bytes.append(littleEndian: value)
        }
        let checksum = (bytes + text).withUnsafeBytes { RecordFrame.checksum(of: $0) }
        bytes.append(littleEndian: checksum)
        bytes += text
        let padding = (Self.pageSize - bytes.count % Self.pageSize) % Self.pageSize
        bytes.append(contentsOf: repeatElement(0, count: padding))
        return bytes
    }

    init(digest: String, configurationJSON: String) {
        precondition(digest.utf8.count + configurationJSON.utf8.count <= Self.longestText, "configuration too long")
        self.digest = digest
        self.configurationJSON = configurationJSON
    }

    /// Reads the header of an open segment.
    init(reading file: PosixFile) throws {
        let fixed = try file.read(count: Self.fixedByteCount, at: 0)
        let lengths: (Int, Int, UInt64) = try fixed.withUnsafeBytes { bytes in
            guard bytes.count == Self.fixedByteCount, bytes.prefix(8).elementsEqual(Self.magic) else {
                throw CollectionError.corrupted(file.path, "it does not begin like a segment")
            }
            let version = bytes.littleEndian(UInt32.self, at: 8)
            guard version == Self.version else {
                throw CollectionError(
                    .unsupported, "\(file.path) is a segment of version \(version); this build reads \(Self.version)")
            }
            return (
                Int(bytes.littleEndian(UInt32.self, at: 12)), Int(bytes.littleEndian(UInt32.self, at: 16)),
                bytes.littleEndian(UInt64.self, at: 24)
            )
        }
        guard lengths.0 + lengths.1 <= Self.longestText else {
            throw CollectionError.corrupted(file.path, "its header has impossible lengths")
        }
        let text = try file.read(count: lengths.0 + lengths.1, at: Int64(Self.fixedByteCount))
        let checksum = (fixed[..<24] + text).withUnsafeBytes { RecordFrame.checksum(of: $0) }
        guard text.count == lengths.0 + lengths.1, checksum == lengths.2 else {
            throw CollectionError.corrupted(file.path, "the checksum of its header is wrong")
        }
        digest = String(decoding: text[..<lengths.0], as: UTF8.self)
        configurationJSON = String(decoding: text[lengths.0...], as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type, at offset: Int) -> Value {
        Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
