/// A value of a file of settings, with its place for errors.
public struct YAMLNode: Sendable {
    let tree: YAMLTree

    /// The keys that lead to it, between dots; empty for the top.
    public let path: String

    /// Where it was written.
    public var mark: YAMLMark { tree.mark }

    /// Nothing was written, or `null`.
    public var isNull: Bool { tree.isNull }

    /// It is a list.
    public var isSequence: Bool { if case .sequence = tree.content { true } else { false } }

    /// It is a mapping.
    public var isMapping: Bool { if case .mapping = tree.content { true } else { false } }

    /// An error about this value; the sentence says what is wrong and what would be right.
    public func error(_ sentence: String, cause: (any Error)? = nil) -> RecipeError {
        RecipeError(at: mark, sentence, cause: cause)
    }

    /// An error that calls the value by its path: “eps” of cleaning.0 is “x”; it must be a number.
    public func mismatch(_ expectation: String) -> RecipeError {
        error("\(subject) is \(tree.inWords); it must be \(expectation)")
    }

    /// The value's name for a sentence: “eps” of cleaning.0.
    public var subject: String {
        guard !path.isEmpty else { return "the file" }
        guard let dot = path.lastIndex(of: ".") else { return "“\(path)”" }
        return "“\(path[path.index(after: dot)...])” of \(path[..<dot])"
    }

    /// A mapping with the keys of `Key` alone. Throws for any other value, and for the first key that is unknown, naming the
    /// known ones.
    public func fields<Key: CodingKey & CaseIterable>(_ keys: Key.Type) throws -> YAMLFields<Key> {
        try YAMLFields(self)
    }

    /// The value of a key of a mapping; `nil` where it is left out or null, and for what is no mapping.
    public func child(_ key: String) -> YAMLNode? {
        guard case .mapping = tree.content, let value = tree.child(key[...]), !value.isNull else { return nil }
        return YAMLNode(tree: value, path: joined(key))
    }

    /// The items of a list. Throws for any other value.
    public func items() throws -> [YAMLNode] {
        guard case .sequence(let items) = tree.content else { throw mismatch("a list: a line with “- ” for each item") }
        return items.enumerated().map { YAMLNode(tree: $1, path: joined("\($0)")) }
    }

    /// The keys and values of a mapping of any keys, in the order of the file. Throws for any other value.
    public func entries() throws -> [(key: String, value: YAMLNode)] {
        guard case .mapping(let entries) = tree.content else { throw mismatch("a mapping: lines of “key: value”") }
        return entries.map { ($0.key, YAMLNode(tree: $0.value, path: joined($0.key))) }
    }

    /// Text, quoted or not.
    public func text() throws -> String {
        guard case .scalar(let text, _) = tree.content, !isNull else { throw mismatch("text") }
        return text
    }

    /// Text that is not quoted; `nil` for anything else.
    var plainText: String? {
        guard case .scalar(let text, isQuoted: false) = tree.content, !isNull else { return nil }
        return text
    }

    func joined(_ component: String) -> String { path.isEmpty ? component : "\(path).\(component)" }
}
