import Foundation

extension GeoJSON {
    /// The file's text: "type" first in every object, one feature a line, the same bytes for the same places.
    ///
    /// Coordinates have at most seven decimals, a centimetre, which is more than any photo knows.
    public var text: String {
        let lines = features.map { feature in
            """
            {"type":"Feature","geometry":\(feature.geometry.text),"properties":\(feature.properties.text)}
            """
        }
        let list = lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n]"
        return "{\"type\":\"FeatureCollection\",\"features\":\(list)}\n"
    }

    /// A JSON string. What hides or reorders text is written as an escape, so that any editor shows it.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF:
                result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension GeoJSON.Position {
    fileprivate var text: String { "[\(Self.decimal(longitude)),\(Self.decimal(latitude))]" }

    private static func decimal(_ value: Double) -> String {
        let rounded = (value * 1e7).rounded() / 1e7
        guard rounded != 0 else { return "0" }
        var text = String(format: "%.7f", rounded)
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

extension GeoJSON.Geometry {
    private var parts: (type: String, coordinates: String) {
        func list(_ positions: [GeoJSON.Position]) -> String { "[\(positions.map(\.text).joined(separator: ","))]" }
        return switch self {
        case .point(let position): ("Point", position.text)
        case .lineString(let positions): ("LineString", list(positions))
        case .multiLineString(let lines): ("MultiLineString", "[\(lines.map(list).joined(separator: ","))]")
        }
    }

    fileprivate var text: String { "{\"type\":\"\(parts.type)\",\"coordinates\":\(parts.coordinates)}" }
}

extension GeoJSON.Properties {
    fileprivate var text: String {
        var members = [("label", GeoJSON.quoted(label)), ("role", GeoJSON.quoted(role))]
        if let probability, probability.isFinite { members.append(("probability", "\(probability)")) }
        let texts = [
            ("image", image), ("note", note), ("marker-color", markerColour), ("stroke", strokeColour),
        ]
        members += texts.compactMap { name, value in value.map { (name, GeoJSON.quoted($0)) } }
        return "{\(members.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
    }
}
