import Foundation

/// Text made safe for a page. File names are anybody's: nothing reaches a page except through here.
public enum HTML {
    /// Escapes text for element content and for quoted attributes alike, after `visible`.
    public static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: result += "&amp;"
            case 0x3C: result += "&lt;"
            case 0x3E: result += "&gt;"
            case 0x22: result += "&quot;"
            case 0x27: result += "&#39;"
            default: result.unicodeScalars.append(visible(scalar))
            }
        }
        return result
    }

    /// Text with nothing hidden in it, for scripts that escape by themselves.
    ///
    /// Control characters are shown as their pictures (U+2400 and on), and what would reorder or hide the text around it, the
    /// bidirectional controls, as U+FFFD, so that a name cannot pose as another one.
    static func visible(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.lazy.map(visible))
        return String(result)
    }

    /// JSON that can stand inside a script element: no byte of it can end the element or begin a comment.
    public static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("sheet data of type \(type(of: value)) does not encode")
        }
        return String(decoding: data, as: UTF8.self)
            .replacingOccurrences(of: "&", with: "\\u0026")
            .replacingOccurrences(of: "<", with: "\\u003c")
            .replacingOccurrences(of: ">", with: "\\u003e")
    }

    /// A path's last component and what precedes it.
    static func split(path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    /// A figure with as many digits as it needs: 143, 0.8312, 12.4; "–" for what is no number.
    public static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value == value.rounded(), abs(value) < 1e9 { return String(format: "%.0f", value) }
        if abs(value) >= 100 { return String(format: "%.1f", value) }
        return String(format: abs(value) >= 10 ? "%.2f" : "%.4f", value)
    }

    /// "61.2 ms"; from 10 seconds on "12.3 s".
    static func milliseconds(_ value: Double) -> String {
        guard value.isFinite else { return "– ms" }
        return value >= 10_000 ? String(format: "%.1f s", value / 1000) : String(format: "%.1f ms", value)
    }

    /// "1 inlier", "143 inliers".
    public static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// A share of 1 as a CSS percentage, within 0...100.
    public static func percent(_ share: Double) -> String {
        String(format: "%.1f%%", share.isFinite ? min(1, max(0, share)) * 100 : 0)
    }

    private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        case 0x80...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: "\u{FFFD}"
        default: scalar
        }
    }
}
