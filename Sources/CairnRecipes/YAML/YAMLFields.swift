/// A mapping whose keys are known.
///
/// What the file leaves out keeps the value it has: that of the structure that is read, where defaults live.
///
/// ```swift
/// init(yaml: YAMLNode) throws {
///     let fields = try yaml.fields(CodingKeys.self)
///     name = try fields.required(.name)
///     try fields.read(.margin, into: &margin, .within(0...1))
/// }
/// ```
public struct YAMLFields<Key: CodingKey & CaseIterable> {
    /// The mapping.
    public let node: YAMLNode
    private let entries: [YAMLTree.Entry]

    init(_ node: YAMLNode) throws {
        guard case .mapping(let entries) = node.tree.content else {
            throw node.mismatch("a mapping: lines of “key: value”")
        }
        self.node = node
        self.entries = entries
        let known = Key.allCases.map(\.stringValue)
        for entry in entries where !known.contains(entry.key) { throw Self.unknown(entry, of: node, known: known) }
    }

    /// The value of a key; `nil` where it is left out or null.
    public subscript(key: Key) -> YAMLNode? {
        entries.first { $0.key == key.stringValue && !$0.value.isNull }
            .map { YAMLNode(tree: $0.value, path: node.joined($0.key)) }
    }

    /// The value of a key that must be there.
    public func required<Value: YAMLDecodable>(_ key: Key) throws -> Value {
        guard let value = self[key] else {
            let place = entries.first { $0.key == key.stringValue }?.mark ?? node.mark
            let owner = node.path.isEmpty ? "the file" : node.path
            throw RecipeError(at: place, "\(owner) lacks “\(key.stringValue)”; give it")
        }
        return try Value(yaml: value)
    }

    /// Sets `value` where the key is there.
    public func read<Value: YAMLDecodable>(_ key: Key, into value: inout Value) throws {
        if let node = self[key] { value = try Value(yaml: node) }
    }

    /// Sets `value` where the key is there.
    public func read<Value: YAMLDecodable>(_ key: Key, into value: inout Value?) throws {
        if let node = self[key] { value = try Value(yaml: node) }
    }

    /// Sets `value` where the key is there; a number out of bounds is an error.
    public func read<Value: YAMLNumber>(_ key: Key, into value: inout Value, _ bounds: YAMLBounds) throws {
        guard let node = self[key] else { return }
        value = try Value(yaml: node)
        try bounds.check(value, node)
    }

    /// Sets `value` where the key is there; a number out of bounds is an error.
    public func read<Value: YAMLNumber>(_ key: Key, into value: inout Value?, _ bounds: YAMLBounds) throws {
        guard let node = self[key] else { return }
        let number = try Value(yaml: node)
        try bounds.check(number, node)
        value = number
    }

    /// Sets `values` where the key is there; a number out of bounds is an error at its own place.
    public func read<Value: YAMLNumber>(_ key: Key, into values: inout [Value], each bounds: YAMLBounds) throws {
        guard let node = self[key] else { return }
        values = try node.items().map { item in
            let value = try Value(yaml: item)
            try bounds.check(value, item)
            return value
        }
    }

    /// An error about a key's value, or about the whole mapping where the key is left out.
    public func error(_ key: Key, _ sentence: String, cause: (any Error)? = nil) -> RecipeError {
        RecipeError(at: self[key]?.mark ?? node.mark, sentence, cause: cause)
    }

    /// Throws for the first key beside `keys`: what the rest of the mapping says gives it no meaning.
    ///
    /// - Parameter owner: What has these settings alone: “the loss softmax”.
    public func allow(only keys: [Key], of owner: String) throws {
        let known = keys.map(\.stringValue)
        for entry in entries where !known.contains(entry.key) {
            throw RecipeError(
                at: entry.mark,
                "\(owner) has no setting “\(entry.key)”; it has \(known.joined(separator: ", "))")
        }
    }

    private static func unknown(_ entry: YAMLTree.Entry, of node: YAMLNode, known: [String]) -> RecipeError {
        let owner = node.path.isEmpty ? "the file" : node.path
        let near = nearest(to: entry.key, among: known).map { "; did you mean “\($0)”?" } ?? ""
        let separator = near.isEmpty ? "; it has " : " It has "
        return RecipeError(
            at: entry.mark,
            "\(owner) has no setting “\(shown(entry.key))”\(near)\(separator)\(known.sorted().joined(separator: ", "))")
    }
}
