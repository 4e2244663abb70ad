/// Reads JSON piece by piece as its caller expects it, so that nothing deeper or larger than expected is ever built.
struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    private let source: String
    private var position = 0

    /// Scans bytes that stay valid as long as the scanner is used.
    init(_ bytes: UnsafeRawBufferPointer, source: String) {
        self.bytes = bytes
        self.source = source
    }

    /// Reads an object and hands over each key, whose value `member` must read. A key that comes twice is refused.
    mutating func object(_ member: (String, inout JSONScanner) throws(FormatError) -> Void) throws(FormatError) {
        var seen: Set<String> = []
        try expect("{")
        if accept("}") { return }
        repeat {
            let key = try string()
            guard seen.insert(key).inserted else {
                throw FormatError.malformed(source, "its header has \(FormatError.quoted(key)) twice")
            }
            try expect(":")
            try member(key, &self)
        } while accept(",")
        try expect("}")
    }

    /// Reads an array of at most `limit` counts.
    mutating func counts(limit: Int) throws(FormatError) -> [Int] {
        var values: [Int] = []
        try expect("[")
        if accept("]") { return [] }
        repeat {
            guard values.count < limit else { throw damaged("a list has more than \(limit) numbers") }
            values.append(try count())
        } while accept(",")
        try expect("]")
        return values
    }

    /// Reads a number that is a count: digits alone.
    mutating func count() throws(FormatError) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            guard position - start < 18 else { throw damaged("a number has too many digits") }
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        let hasLeadingZero = position - start > 1 && bytes[start] == 0x30
        guard position > start, !hasLeadingZero else { throw damaged("a count is expected") }
        return value
    }

    /// Reads a string.
    mutating func string() throws(FormatError) -> String {
        try expect("\"")
        let start = position
        while position < bytes.count, bytes[position] != 0x22, bytes[position] != 0x5C, bytes[position] >= 0x20 {
            position += 1
        }
        guard position < bytes.count else { throw damaged("a string does not end") }
        if bytes[position] == 0x22 {
            defer { position += 1 }
            return try text(Array(bytes[start..<position]))
        }
        position = start
        return try escapedString()
    }

    /// Makes sure that nothing but spaces is left.
    mutating func end() throws(FormatError) {
        skipSpace()
        guard position == bytes.count else { throw damaged("something follows the object") }
    }

    private mutating func escapedString() throws(FormatError) -> String {
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case 0x22: return try text(content)
            case 0x5C: try appendEscape(to: &content)
            case ..<0x20: throw damaged("a string holds a control character")
            default: content.append(byte)
            }
        }
        throw damaged("a string does not end")
    }

    private mutating func appendEscape(to content: inout [UInt8]) throws(FormatError) {
        guard position < bytes.count else { throw damaged("a string does not end") }
        let mark = bytes[position]
        position += 1
        switch mark {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(mark)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            var units = [try codeUnit()]
            if UTF16.isLeadSurrogate(units[0]), position + 1 < bytes.count, bytes[position] == 0x5C {
                position += 2
                units.append(try codeUnit())
            }
            guard let decoded = String(validating: units, as: UTF16.self) else {
                throw damaged("a string has half of a surrogate pair")
            }
            content += Array(decoded.utf8)
        default: throw damaged("a string has an unknown escape")
        }
    }

    private mutating func codeUnit() throws(FormatError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw damaged("a string does not end") }
        let digits = bytes[position..<(position + 4)]
        position += 4
        var unit: UInt16 = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 0x80 else {
                throw damaged("an escape needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }

    private func text(_ content: [UInt8]) throws(FormatError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else { throw damaged("a string is not UTF-8") }
        return text
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(FormatError) {
        guard accept(character) else { throw damaged("'\(character)' is expected") }
    }

    private func damaged(_ detail: String) -> FormatError {
        FormatError.malformed(source, "at character \(position) of its header \(detail)")
    }
}
