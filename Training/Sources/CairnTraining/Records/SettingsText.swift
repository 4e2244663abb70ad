import Foundation

/// Settings as YAML for readers: of any `Encodable`, keys sorted.
public enum SettingsText {
    /// The text, with a line end. Throws what encoding throws.
    public static func yaml(_ settings: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: ".inf", negativeInfinity: "-.inf", nan: ".nan")
        let object = try JSONSerialization.jsonObject(with: encoder.encode(settings), options: .fragmentsAllowed)
        return lines(object).joined(separator: "\n") + "\n"
    }

    private static func lines(_ value: Any) -> [String] {
        switch value {
        case let mapping as [String: Any] where !mapping.isEmpty:
            mapping.sorted { $0.key < $1.key }.flatMap { key, value in
                isFlat(value)
                    ? ["\(text(key)): \(flat(value))"] : ["\(text(key)):"] + lines(value).map { "  " + $0 }
            }
        case let list as [Any] where !list.isEmpty:
            list.flatMap { item in
                lines(item).enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
            }
        default: [flat(value)]
        }
    }

    /// Scalars, what is empty, and lists of scalars stand on the line of their key.
    private static func isFlat(_ value: Any) -> Bool {
        switch value {
        case let mapping as [String: Any]: mapping.isEmpty
        case let list as [Any]: list.allSatisfy { !($0 is [String: Any]) && !($0 is [Any]) }
        default: true
        }
    }

    private static func flat(_ value: Any) -> String {
        switch value {
        case is [String: Any]: "{}"
        case let list as [Any]: "[" + list.map(flat).joined(separator: ", ") + "]"
        case let string as String: text(string)
        // A truth is a number too, and only its type tells.
        case let number as NSNumber:
            String(cString: number.objCType) == "c" ? (number.boolValue ? "true" : "false") : "\(number)"
        default: "null"
        }
    }

    /// A string as it is where YAML reads it so, else in double quotes.
    private static func text(_ string: String) -> String {
        let isPlain =
            string.first.map { $0.isLetter || $0 == "/" } == true
            && string.allSatisfy { $0.isLetter || $0.isNumber || "_-./@ ".contains($0) } && string.last != " "
            && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(string.lowercased())
        if isPlain || [".inf", "-.inf", ".nan"].contains(string) { return string }
        var quoted = ""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    quoted += String(format: "\\x%02X", scalar.value)
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return "\"" + quoted + "\""
    }
}
