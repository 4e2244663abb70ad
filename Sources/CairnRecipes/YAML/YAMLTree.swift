/// The values of a file, each with its place. Overrides change it before anything is read.
struct YAMLTree: Sendable {
    /// What stands there.
    enum Content: Sendable {
        /// Text as written; quoted text is never a number, a truth or nothing.
        case scalar(String, isQuoted: Bool)
        /// A list.
        case sequence([YAMLTree])
        /// Keys in the order of the file.
        case mapping([Entry])
    }

    /// A key and its value.
    struct Entry: Sendable {
        var key: String
        var mark: YAMLMark
        var value: YAMLTree
    }

    var content: Content
    var mark: YAMLMark

    /// Nothing was written, or `null`.
    var isNull: Bool {
        guard case .scalar(let text, isQuoted: false) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What it is, in an error.
    var inWords: String {
        switch content {
        case .scalar where isNull: "nothing"
        case .scalar(let text, let isQuoted): isQuoted ? "the text “\(shown(text))”" : "“\(shown(text))”"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The value of a key, or of a place in a list: its number from 0, or the item whose `name` it is.
    func child(_ component: Substring) -> YAMLTree? {
        switch content {
        case .scalar: nil
        case .mapping(let entries): entries.first { $0.key == component }?.value
        case .sequence(let items): Self.index(of: component, in: items).map { items[$0] }
        }
    }

    /// Which item a component of a path means.
    static func index(of component: Substring, in items: [YAMLTree]) -> Int? {
        if let number = Int(component) { return items.indices.contains(number) ? number : nil }
        return items.firstIndex { item in
            guard case .scalar(let name, _) = item.child("name")?.content else { return false }
            return name == component
        }
    }

    /// The places that an item of a list may be called by, for an error.
    static func names(of items: [YAMLTree]) -> String {
        guard !items.isEmpty else { return "it is empty" }
        let names = items.compactMap { item -> String? in
            guard case .scalar(let name, _) = item.child("name")?.content else { return nil }
            return name
        }
        let numbers = "it has 0 to \(items.count - 1)"
        return names.isEmpty ? numbers : "\(numbers), called \(names.joined(separator: ", "))"
    }
}

/// Text of the user's, short and on one line, for an error.
func shown(_ text: String) -> String {
    let plain = String(
        text.unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? " " : Character($0) })
    return text.unicodeScalars.count > 60 ? plain + "…" : plain
}
