/// Reads the few Python literals that a `.npy` header consists of.
struct PythonLiteral {
    private var reader: ByteReader

    init(_ bytes: ByteSlice) { reader = ByteReader(bytes) }

    /// Reads `{'key': value, …}` and nothing after it; `value` reads what belongs to a key.
    mutating func dictionary(
        _ value: (String, inout PythonLiteral) throws(FormatError) -> Void
    ) throws(FormatError) {
        try expect("{")
        while try next() != UInt8(ascii: "}") {
            let key = try string()
            try expect(":")
            try value(key, &self)
            if try next() != UInt8(ascii: "}") { try expect(",") }
        }
        try expect("}")
        while reader.remaining > 0 {
            guard Self.isSpace(try reader.byte()) else { throw damaged("something follows the dictionary") }
        }
    }

    /// Reads a string without escapes.
    mutating func string() throws(FormatError) -> String {
        let quote = try next()
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            // A structured type is a list of fields.
            throw FormatError(.unsupported, "\(reader.source) holds records, not plain numbers")
        }
        _ = try reader.byte()
        var text: [UInt8] = []
        while true {
            let byte = try reader.byte()
            if byte == quote { break }
            guard byte != UInt8(ascii: "\\") else { throw damaged("a string has escapes") }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `True` or `False`.
    mutating func bool() throws(FormatError) -> Bool {
        let word = try next() == UInt8(ascii: "T") ? "True" : "False"
        for character in word.utf8 {
            guard try reader.byte() == character else { throw damaged("True or False is expected") }
        }
        return word == "True"
    }

    /// Reads a tuple of counts: `()`, `(3,)`, `(3, 4)`.
    mutating func tuple() throws(FormatError) -> [Int] {
        try expect("(")
        var counts: [Int] = []
        while try next() != UInt8(ascii: ")") {
            guard counts.count < NumericArray.maximumRank else { throw damaged("the shape is too long") }
            counts.append(try count())
            if try next() != UInt8(ascii: ")") { try expect(",") }
        }
        try expect(")")
        return counts
    }

    private mutating func count() throws(FormatError) -> Int {
        var value = 0
        var digits = 0
        while let digit = try peek(), (0x30...0x39).contains(digit) {
            digits += 1
            guard digits <= 18 else { throw damaged("a length has too many digits") }
            value = value * 10 + Int(digit - 0x30)
            _ = try reader.byte()
        }
        guard digits > 0 else { throw damaged("a length is expected") }
        // Python 2 wrote long integers with a suffix.
        if try peek() == UInt8(ascii: "L") { _ = try reader.byte() }
        return value
    }

    private mutating func peek() throws(FormatError) -> UInt8? {
        reader.remaining > 0 ? reader.slice[reader.position] : nil
    }

    private mutating func next() throws(FormatError) -> UInt8 {
        while let byte = try peek() {
            guard Self.isSpace(byte) else { return byte }
            _ = try reader.byte()
        }
        throw damaged("it ends in the middle")
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(FormatError) {
        guard try next() == UInt8(ascii: character) else { throw damaged("'\(character)' is expected") }
        _ = try reader.byte()
    }

    private func damaged(_ detail: String) -> FormatError {
        FormatError.malformed(reader.source, "at character \(reader.position) of the header \(detail)")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
