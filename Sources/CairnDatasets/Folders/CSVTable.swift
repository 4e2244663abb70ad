import Foundation

/// A comma-separated file with a header, read strictly: RFC 4180, and every record knows the line it starts on.
///
/// Accepted: LF, CRLF or CR between records, a byte order mark, quoted fields with doubled quotes, commas and line breaks,
/// a last line without a line break. Blank lines are skipped. Refused, with the line: a quote inside an unquoted field or
/// after a quoted one, a quote that is never closed, a record with more or fewer fields than the header, bytes that are not
/// UTF-8. Spaces belong to their field, as RFC 4180 section 2.4 says: a file name may begin with one.
///
/// General readers pad short records, trim fields and forget lines, which turns a damaged list into a wrong figure.
public struct CSVTable: Sendable {
    /// One line of values.
    public struct Record: Hashable, Sendable {
        /// The line of the file on which it starts, from 1.
        public let line: Int
        /// As many values as the header has names.
        public let fields: [String]
    }

    /// The column names, without surrounding spaces.
    public let header: [String]

    /// All records after the header, in file order.
    public let records: [Record]

    /// Reads a whole file.
    public init(contentsOf file: URL) throws {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw DatasetError(.notFound, "\(file.path) cannot be read: give the path of a CSV file", cause: error)
        }
        try self.init(data, name: file.path)
    }

    /// Reads bytes; `name` stands for them in errors. O(bytes).
    public init(_ data: Data, name: String) throws {
        var records = try Self.split([UInt8](data), name: name)
        guard !records.isEmpty else {
            throw DatasetError(.invalidInput, "\(name) is empty: its first line must name the columns")
        }
        let first = records.removeFirst()
        header = first.fields.map { $0.trimmingCharacters(in: .whitespaces) }
        if let blank = header.firstIndex(of: "") {
            throw DatasetError(.invalidInput, "\(name), line \(first.line): column \(blank + 1) has no name")
        }
        for (index, column) in header.enumerated() where header[..<index].contains(column) {
            throw DatasetError(.invalidInput, "\(name), line \(first.line): two columns are named “\(column)”")
        }
        for record in records where record.fields.count != header.count {
            throw DatasetError(
                .invalidInput,
                "\(name), line \(record.line): \(record.fields.count) fields where the header names \(header.count) columns; "
                    + "a value with a comma needs quotes")
        }
        self.records = records
    }

    /// Cuts bytes into records. ASCII bytes never occur inside a UTF-8 sequence, so the syntax is decided on bytes alone.
    private static func split(_ bytes: [UInt8], name: String) throws -> [Record] {
        let (quote, comma, lineFeed, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(10), UInt8(13))
        enum Place { case start, plain, quoted, closed }
        var records: [Record] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var place = Place.start
        var line = 1
        var startLine = 1

        func finishField() throws {
            guard let text = String(validating: field, as: UTF8.self) else {
                throw DatasetError(.invalidInput, "\(name), line \(startLine): not UTF-8 text; save the file as UTF-8")
            }
            fields.append(text)
            field.removeAll(keepingCapacity: true)
        }
        func finishRecord() throws {
            let isBlank = fields.isEmpty && field.isEmpty && place == .start
            if !isBlank {
                try finishField()
                records.append(Record(line: startLine, fields: fields))
                fields.removeAll(keepingCapacity: true)
            }
            place = .start
        }

        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            let endsLine = byte == lineFeed || byte == carriageReturn
            if place == .quoted {
                if byte == quote {
                    place = .closed
                } else {
                    field.append(byte)
                    // The line feed of a CRLF counts; a carriage return alone does too.
                    if byte == lineFeed
                        || (byte == carriageReturn && !(index < bytes.count && bytes[index] == lineFeed))
                    {
                        line += 1
                    }
                }
            } else if byte == quote {
                switch place {
                case .start: place = .quoted
                case .closed:
                    field.append(quote)
                    place = .quoted
                case .plain, .quoted:
                    throw DatasetError(
                        .invalidInput, "\(name), line \(line): a quote inside an unquoted field; quote the whole field")
                }
            } else if byte == comma {
                try finishField()
                place = .start
            } else if endsLine {
                if byte == carriageReturn, index < bytes.count, bytes[index] == lineFeed { index += 1 }
                try finishRecord()
                line += 1
                startLine = line
            } else if place == .closed {
                throw DatasetError(.invalidInput, "\(name), line \(line): text after a closing quote")
            } else {
                place = .plain
                field.append(byte)
            }
        }
        guard place != .quoted else {
            throw DatasetError(.invalidInput, "\(name), line \(startLine): a quote is opened and never closed")
        }
        try finishRecord()
        return records
    }
}
