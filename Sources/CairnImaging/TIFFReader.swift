/// Bounds-checked access to the directories of a TIFF structure (TIFF 6.0, section 2). The bytes must outlive it.
struct TIFFReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let isBigEndian: Bool

    /// A structure that starts with its byte order mark; `nil` when it does not.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else { return nil }
        self.bytes = bytes
        isBigEndian = bytes[0] == 0x4D
        guard unsigned(at: 2, length: 2) == 42 else { return nil }
    }

    /// The directory that the header points at.
    var firstDirectory: Directory? { unsigned(at: 4, length: 4).flatMap(directory(at:)) }

    /// The directory at an offset; `nil` when that is out of bounds.
    func directory(at offset: Int) -> Directory? {
        guard let count = unsigned(at: offset, length: 2) else { return nil }
        return Directory(reader: self, start: offset + 2, count: min(count, (bytes.count - offset - 2) / 12))
    }

    /// An unsigned number of up to 4 bytes; `nil` when it is out of bounds.
    fileprivate func unsigned(at offset: Int, length: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - length else { return nil }
        return (0..<length).reduce(0) { sum, index in
            sum << 8 | Int(bytes[offset + (isBigEndian ? index : length - 1 - index)])
        }
    }

    /// The tagged values of one directory.
    struct Directory {
        fileprivate let reader: TIFFReader
        fileprivate let start: Int
        fileprivate let count: Int

        private enum FieldType {
            static let ascii = 2
            static let short = 3
            static let long = 4
            static let rational = 5
        }

        /// Where a tag's values are.
        private func field(_ tag: UInt16) -> (type: Int, count: Int, offset: Int)? {
            for index in 0..<count {
                let entry = start + index * 12
                guard reader.unsigned(at: entry, length: 2) == Int(tag) else { continue }
                guard let type = reader.unsigned(at: entry + 2, length: 2),
                    let count = reader.unsigned(at: entry + 4, length: 4)
                else { return nil }
                let size = type == FieldType.rational ? 8 : type == FieldType.long ? 4 : type == FieldType.short ? 2 : 1
                // Values of up to 4 bytes are in the entry itself.
                let isInline = count <= 4 / size
                guard let offset = isInline ? entry + 8 : reader.unsigned(at: entry + 8, length: 4) else { return nil }
                return (type, count, offset)
            }
            return nil
        }

        /// The first value of a whole-number tag.
        func unsigned(_ tag: UInt16) -> Int? {
            guard let field = field(tag), field.count >= 1 else { return nil }
            switch field.type {
            case FieldType.short: return reader.unsigned(at: field.offset, length: 2)
            case FieldType.long: return reader.unsigned(at: field.offset, length: 4)
            default: return nil
            }
        }

        /// A text, up to its first zero byte and 64 bytes long at most, without blanks at its ends.
        func text(_ tag: UInt16) -> String? {
            guard let field = field(tag), field.type == FieldType.ascii else { return nil }
            var characters: [UInt8] = []
            for index in 0..<min(field.count, 64) {
                guard let byte = reader.unsigned(at: field.offset + index, length: 1), byte != 0 else { break }
                characters.append(UInt8(byte))
            }
            while characters.last == 0x20 { characters.removeLast() }
            return String(decoding: characters.drop { $0 == 0x20 }, as: UTF8.self)
        }

        /// Fractions, three at most; `nil` when one cannot be read or divides by zero.
        func rationals(_ tag: UInt16) -> [Double]? {
            guard let field = field(tag), field.type == FieldType.rational else { return nil }
            var values: [Double] = []
            for index in 0..<min(field.count, 3) {
                guard let numerator = reader.unsigned(at: field.offset + index * 8, length: 4),
                    let denominator = reader.unsigned(at: field.offset + index * 8 + 4, length: 4)
                else { return nil }
                // Whole minutes are often followed by 0/0 seconds.
                if denominator == 0, numerator != 0 || index == 0 { return nil }
                values.append(denominator == 0 ? 0 : Double(numerator) / Double(denominator))
            }
            return values
        }
    }
}
