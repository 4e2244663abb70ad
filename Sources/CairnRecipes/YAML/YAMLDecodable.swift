/// What can be read from a value of a file of settings.
public protocol YAMLDecodable {
    /// Reads the value. Throws `RecipeError` with its place.
    init(yaml: YAMLNode) throws
}

/// A number of either kind.
public protocol YAMLNumber: YAMLDecodable {
    /// The number, to compare it with bounds.
    var double: Double { get }
}

extension String: YAMLDecodable {
    /// Text, quoted or not.
    public init(yaml: YAMLNode) throws { self = try yaml.text() }
}

extension Bool: YAMLDecodable {
    /// `true` or `false`.
    public init(yaml: YAMLNode) throws {
        switch yaml.plainText {
        case "true": self = true
        case "false": self = false
        default: throw yaml.mismatch("true or false")
        }
    }
}

extension Int: YAMLNumber {
    /// A whole number in decimal.
    public init(yaml: YAMLNode) throws {
        guard let text = yaml.plainText, let value = Int(text) else { throw yaml.mismatch("a whole number") }
        self = value
    }

    /// The same number.
    public var double: Double { Double(self) }
}

extension Double: YAMLNumber {
    /// A finite number in decimal, `0.5` or `1e-4`.
    public init(yaml: YAMLNode) throws {
        let isDecimal = yaml.plainText?.unicodeScalars.allSatisfy { "0123456789+-.eE".unicodeScalars.contains($0) }
        guard isDecimal == true, let value = yaml.plainText.flatMap(Double.init), value.isFinite else {
            throw yaml.mismatch("a number")
        }
        self = value
    }

    /// Itself.
    public var double: Double { self }
}

extension Array: YAMLDecodable where Element: YAMLDecodable {
    /// A list.
    public init(yaml: YAMLNode) throws { self = try yaml.items().map { try Element(yaml: $0) } }
}

extension Dictionary: YAMLDecodable where Key == String, Value: YAMLDecodable {
    /// A mapping of any keys.
    public init(yaml: YAMLNode) throws {
        self = [:]
        for (key, value) in try yaml.entries() { self[key] = try Value(yaml: value) }
    }
}

/// A choice among words.
public protocol YAMLChoice: YAMLDecodable, RawRepresentable, CaseIterable where RawValue == String {}

extension YAMLChoice {
    /// One of the words.
    public init(yaml: YAMLNode) throws {
        let text = try yaml.text()
        guard let value = Self(rawValue: text) else {
            let words = Self.allCases.map(\.rawValue)
            let near = nearest(to: text, among: words).map { " (did you mean “\($0)”?)" } ?? ""
            throw yaml.mismatch("one of \(words.joined(separator: ", "))\(near)")
        }
        self = value
    }
}
