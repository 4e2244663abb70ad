import CairnCore
import Crypto
import Foundation

/// The file of a whitening, all numbers with the least significant byte first:
///
/// | bytes | |
/// |---|---|
/// | 8 | `CAIRNWHT` |
/// | 4, 4, 4, 4 | version 1, input dimensions, output dimensions, bytes of the record |
/// | 32 | SHA-256 of everything but these 32 bytes |
/// | … | the record of origin: JSON in UTF-8, exactly the keys of `Whitening.Origin` |
/// | … | the mean, then the projection row by row, float32 |
extension Whitening {
    private static let magic = Array("CAIRNWHT".utf8)
    private static let version = 1
    private static let checksumRange = 24..<56
    private static let maximumRecordBytes = 1 << 16

    /// Reads a whitening file.
    ///
    /// - Throws: `AlgebraError`: not found, not a whitening, a newer version, or damaged (the checksum covers every byte).
    public init(contentsOf path: String) throws(AlgebraError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let missing = (error as? CocoaError)?.code == .fileReadNoSuchFile
            throw AlgebraError(missing ? .notFound : .failure, "cannot read the whitening \(path)", cause: error)
        }
        try self.init(decoding: Array(data), name: path)
    }

    /// Decodes the bytes of a whitening file; `name` says in errors where they came from.
    ///
    /// - Throws: as `init(contentsOf:)`.
    public init(decoding bytes: [UInt8], name: String) throws(AlgebraError) {
        let headerBytes = Self.checksumRange.upperBound
        guard bytes.count >= headerBytes, bytes.starts(with: Self.magic) else {
            throw AlgebraError(.invalidInput, "\(name) is not a whitening; make one with “cairn whiten learn”")
        }
        func field(_ offset: Int) -> Int {
            bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        guard field(8) == Self.version else {
            throw AlgebraError(
                .unsupported, "\(name) is a whitening of version \(field(8)); this build reads version \(Self.version)")
        }
        let (width, height, recordBytes) = (field(12), field(16), field(20))
        let sizes = 1...DescriptorMatrix.maximumDimensions
        guard sizes.contains(width), sizes.contains(height), recordBytes <= Self.maximumRecordBytes,
            bytes.count == headerBytes + recordBytes + 4 * width * (height + 1)
        else { throw AlgebraError.corrupted(name, "its size does not match its header") }
        guard bytes[Self.checksumRange].elementsEqual(Self.checksum(bytes)) else {
            throw AlgebraError.corrupted(name, "its checksum is wrong")
        }
        let origin: Origin
        do {
            let record = Data(bytes[headerBytes..<headerBytes + recordBytes])
            origin = try JSONDecoder().decode(Origin.self, from: record)
        } catch {
            throw AlgebraError(.corrupted, "\(name) has a record of origin that cannot be read", cause: error)
        }
        let numbers = stride(from: headerBytes + recordBytes, to: bytes.count, by: 4).map { offset in
            Float(bitPattern: UInt32(truncatingIfNeeded: field(offset)))
        }
        try self.init(
            mean: Array(numbers[..<width]),
            projection: DescriptorMatrix(values: Array(numbers[width...]), dimensions: width), origin: origin)
    }

    /// Writes a whitening file. It appears complete or not at all; an existing one is replaced.
    ///
    /// - Throws: `AlgebraError` when the record is too long, or the file cannot be written.
    public func write(to path: String) throws(AlgebraError) {
        do {
            try Data(encoded()).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch let error as AlgebraError {
            throw error
        } catch {
            let full = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            throw AlgebraError(
                full ? .resourceExhausted : .failure, "cannot write the whitening \(path)", cause: error)
        }
    }

    /// The bytes of a whitening file.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) when the record of origin takes more than 64 KiB.
    public func encoded() throws(AlgebraError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let record: Data
        do {
            record = try encoder.encode(origin)
        } catch {
            throw AlgebraError(.failure, "the record of origin cannot be encoded", cause: error)
        }
        guard record.count <= Self.maximumRecordBytes else {
            throw AlgebraError(
                .invalidArgument, "a whitening's record may have 64 KiB, not \(record.count) bytes; shorten the note")
        }
        var bytes = Self.magic
        for value in [Self.version, inputDimensions, outputDimensions, record.count] {
            withUnsafeBytes(of: UInt32(value).littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.append(contentsOf: repeatElement(0, count: Self.checksumRange.count))
        bytes.append(contentsOf: record)
        bytes.append(contentsOf: payload)
        bytes.replaceSubrange(Self.checksumRange, with: Self.checksum(bytes))
        return bytes
    }

    /// Mean and projection as they lie in a file.
    var payload: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * (mean.count + projection.values.count))
        for numbers in [mean, projection.values] {
            for number in numbers {
                withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes
    }

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: bytes[..<checksumRange.lowerBound])
        hash.update(data: bytes[checksumRange.upperBound...])
        return Array(hash.finalize())
    }
}
