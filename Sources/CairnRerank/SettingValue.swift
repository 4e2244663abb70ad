import Foundation

/// The value of a method's setting.
enum SettingValue: Equatable, CustomStringConvertible {
    case number(Double)
    case flag(Bool)
    case word(String)

    /// Reads what stands behind an equals sign: numbers in decimal, `true` and `false`, words.
    init(text: String) {
        switch text {
        case "true": self = .flag(true)
        case "false": self = .flag(false)
        default:
            let isDecimal = text.unicodeScalars.allSatisfy { "0123456789+-.eE".unicodeScalars.contains($0) }
            let number = isDecimal ? Double(text) : nil
            self = number.flatMap { $0.isFinite ? .number($0) : nil } ?? .word(text)
        }
    }

    /// Takes a value that `JSONSerialization` gave; throws for null, lists and objects.
    init(json value: Any, key: String) throws {
        switch value {
        case let word as String: self = .word(word)
        case let number as NSNumber:
            // Booleans are numbers to Foundation, of type "c".
            self = String(cString: number.objCType) == "c" ? .flag(number.boolValue) : .number(number.doubleValue)
        default: throw RerankError(.invalidInput, "“\(key)” of the re-ranking is neither a number nor a word")
        }
    }

    /// What `JSONSerialization` writes. Whole numbers must read as integers.
    var json: Any {
        switch self {
        case .number(let value): Int(exactly: value).map { $0 as Any } ?? value
        case .flag(let value): value
        case .word(let value): value
        }
    }

    var description: String {
        switch self {
        case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
        case .flag(let value): "\(value)"
        case .word(let value): value
        }
    }

    /// What a value of this kind is called in an error.
    var kindInWords: String {
        switch self {
        case .number: "a number"
        case .flag: "true or false"
        case .word: "a word"
        }
    }

    /// Whether another value can take this one's place.
    func hasKind(of other: SettingValue) -> Bool {
        switch (self, other) {
        case (.number, .number), (.flag, .flag), (.word, .word): true
        // A word may look like a number or a truth: a model's name.
        case (.word, _): true
        default: false
        }
    }
}
