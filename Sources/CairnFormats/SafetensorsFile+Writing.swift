extension SafetensorsFile {
    /// Writes tensors under their names: row-major, little-endian, those of wide elements first so that each is aligned, then
    /// by name. The file appears when it is complete, and the same tensors give the same bytes.
    ///
    /// - Throws: `invalidArgument` when a name comes twice or is `__metadata__`.
    public static func write(
        _ tensors: [(name: String, array: NumericArray)], metadata: [String: String] = [:], to path: String
    ) throws(FormatError) {
        var seen: Set<String> = ["__metadata__"]
        for tensor in tensors where !seen.insert(tensor.name).inserted {
            throw FormatError(.invalidArgument, "the name \(FormatError.quoted(tensor.name)) cannot be written twice")
        }
        let ordered = tensors.sorted {
            let (left, right) = ($0.array.elementType.byteCount, $1.array.elementType.byteCount)
            return left == right ? $0.name < $1.name : left > right
        }
        var fields: [String] = []
        if !metadata.isEmpty {
            let words = metadata.sorted { $0.key < $1.key }.map { "\(jsonText($0.key)):\(jsonText($0.value))" }
            fields.append("\"__metadata__\":{\(words.joined(separator: ","))}")
        }
        var end = 0
        for tensor in ordered {
            let start = end
            end += tensor.array.count * tensor.array.elementType.byteCount
            let shape = tensor.array.shape.map(String.init).joined(separator: ",")
            fields.append(
                jsonText(tensor.name)
                    + ":{\"dtype\":\"\(tensor.array.elementType.safetensorsCode)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(start),\(end)]}")
        }
        var header = Array("{\(fields.joined(separator: ","))}".utf8)
        header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
        guard header.count <= maximumHeaderSize else {
            throw FormatError(.limitExceeded, "the names of \(tensors.count) tensors do not fit a .safetensors header")
        }
        var file = try OutputFile(path: path)
        try file.write(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) })
        try file.write(header)
        for tensor in ordered { try tensor.array.writeElements(to: file) }
        try file.commit()
    }

    /// A string in quotes, escaped as JSON asks.
    private static func jsonText(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
