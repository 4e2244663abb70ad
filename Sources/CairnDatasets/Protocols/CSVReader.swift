import CairnFormats
import Foundation

/// Reads a comma-separated file record by record where it lies, without a string for any field that is not asked for.
///
/// The syntax is that of `CSVTable`, which keeps all records and is the one to use for small files: quoted fields, doubled
/// quotes, LF or CRLF, a byte order mark, blank lines skipped. Linear in bytes; memory does not grow with the file.
struct CSVReader {
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let lineFeed = UInt8(10)
    private static let carriageReturn = UInt8(13)

    /// The file, for messages.
    let name: String
    /// The line on which the current record starts, from 1.
    private(set) var line = 0
    private(set) var header: [String] = []

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var nextLine = 1
    /// Where the current record's fields lie, without their quotes.
    private var fields: [Range<Int>] = []

    /// Maps a file, reads its header and hands the reader to `body`. The reader must not outlive the call.
    static func read<Result>(_ file: URL, _ body: (inout CSVReader) throws -> Result) throws -> Result {
        let storage: ByteStorage
        do {
            storage = try ByteStorage(mapping: file.path)
        } catch {
            throw DatasetError(error.kind, "\(file.path) cannot be read: give the path of a CSV file", cause: error)
        }
        return try storage.all.withUnsafeBytes { bytes in
            var reader = CSVReader(bytes, name: file.path)
            try reader.readHeader()
            return try body(&reader)
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer, name: String) {
        self.bytes = bytes
        self.name = name
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    private mutating func readHeader() throws {
        guard try advance() else {
            throw DatasetError(.invalidInput, "\(name) is empty: its first line must name the columns")
        }
        header = try fields.indices.map { try text($0).trimmingCharacters(in: .whitespaces) }
    }

    /// The number of the column called `column`.
    func column(_ column: String) throws -> Int {
        guard let index = header.firstIndex(of: column) else {
            throw DatasetError(
                .invalidInput, "\(name), line \(line): no column is named “\(column)”, only \(header.quotedList)")
        }
        return index
    }

    /// Moves to the next record; `false` at the end. Throws for a record that does not fit the header.
    mutating func next() throws -> Bool {
        guard try advance() else { return false }
        guard fields.count == header.count else {
            throw failure(
                "\(fields.count) fields where the header names \(header.count) columns; a value with a comma needs quotes"
            )
        }
        return true
    }

    /// The bytes of a field as they stand between commas or quotes.
    func bytes(_ column: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[fields[column]]) }

    /// A field as text, doubled quotes undone.
    func text(_ column: Int) throws -> String {
        let range = fields[column]
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw failure("not UTF-8 text; save the file as UTF-8")
        }
        let isQuoted = range.lowerBound > 0 && bytes[range.lowerBound - 1] == Self.quote
        return isQuoted ? text.replacing("\"\"", with: "\"") : text
    }

    /// A field as a whole number that is not negative.
    func number(_ column: Int) throws -> Int32 {
        guard let value = Int32(ascii: bytes(column).trimmed), value >= 0 else {
            throw failure("“\(try text(column))” is not a number from 0 up, which \(header[column]) is")
        }
        return value
    }

    /// The identifier of a photo of Google Landmarks.
    func landmarkImage(_ column: Int) throws -> LandmarkImageID { try landmarkImage(bytes(column), column: column) }

    /// The identifier in part of a field.
    func landmarkImage(_ part: UnsafeRawBufferPointer, column: Int) throws -> LandmarkImageID {
        guard let id = LandmarkImageID(ascii: part.trimmed) else {
            let text = String(decoding: part, as: UTF8.self)
            throw failure("“\(text)” is not 16 hexadecimal digits in lower case, as \(header[column]) has them")
        }
        return id
    }

    /// The words of a field, which spaces part.
    func words(_ column: Int) -> some Sequence<UnsafeRawBufferPointer> {
        bytes(column).split(separator: UInt8(ascii: " ")).lazy.map { UnsafeRawBufferPointer(rebasing: $0) }
    }

    /// An error about the current record.
    func failure(_ reason: String) -> DatasetError {
        DatasetError(.invalidInput, "\(name), line \(line): \(reason)")
    }

    private mutating func advance() throws -> Bool {
        fields.removeAll(keepingCapacity: true)
        while position < bytes.count {
            line = nextLine
            let byte = bytes[position]
            if byte == Self.lineFeed {
                position += 1
                nextLine += 1
            } else if byte == Self.carriageReturn, position + 1 < bytes.count, bytes[position + 1] == Self.lineFeed {
                position += 2
                nextLine += 1
            } else {
                try readFields()
                return true
            }
        }
        return false
    }

    private mutating func readFields() throws {
        while true {
            let field = position < bytes.count && bytes[position] == Self.quote ? try quotedField() : plainField()
            fields.append(field)
            guard position < bytes.count else { return }
            let byte = bytes[position]
            position += 1
            if byte == Self.comma { continue }
            if byte == Self.carriageReturn, position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
            nextLine += 1
            return
        }
    }

    private mutating func plainField() -> Range<Int> {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Self.comma || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            position += 1
        }
        return start..<position
    }

    private mutating func quotedField() throws -> Range<Int> {
        let start = position + 1
        position = start
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == Self.lineFeed { nextLine += 1 }
            guard byte == Self.quote else { continue }
            if position < bytes.count, bytes[position] == Self.quote {
                position += 1
                continue
            }
            guard
                position == bytes.count || bytes[position] == Self.comma || bytes[position] == Self.lineFeed
                    || bytes[position] == Self.carriageReturn
            else { throw failure("text after a closing quote") }
            return start..<(position - 1)
        }
        throw failure("a quote is opened and never closed")
    }
}

extension UnsafeRawBufferPointer {
    /// Without spaces at either end.
    var trimmed: UnsafeRawBufferPointer {
        var range = startIndex..<endIndex
        while let first = range.first, self[first] == UInt8(ascii: " ") { range = range.dropFirst() }
        while let last = range.last, self[last] == UInt8(ascii: " ") { range = range.dropLast() }
        return UnsafeRawBufferPointer(rebasing: self[range])
    }
}

extension FixedWidthInteger {
    /// A number in decimal digits, with or without a minus sign; `nil` for anything else and for what does not fit.
    init?(ascii bytes: UnsafeRawBufferPointer) {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = bytes.dropFirst(isNegative ? 1 : 0)
        guard !digits.isEmpty else { return nil }
        var value: Self = 0
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, exceeds) =
                isNegative
                ? tens.subtractingReportingOverflow(Self(digit)) : tens.addingReportingOverflow(Self(digit))
            guard !overflows, !exceeds else { return nil }
            value = sum
        }
        self = value
    }
}

extension Collection where Element == String {
    /// “a”, “b” and “c”.
    var quotedList: String {
        let quoted = map { "“\($0)”" }
        guard let last = quoted.last else { return "none" }
        return quoted.count == 1 ? last : quoted.dropLast().joined(separator: ", ") + " and " + last
    }
}
