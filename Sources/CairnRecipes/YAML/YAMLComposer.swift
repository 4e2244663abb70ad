import Yams

/// Makes a `YAMLTree` of text, and refuses what has no place in a file of settings.
struct YAMLComposer {
    /// More than this many would be refused when the first was found; before that, they are all that parsing can multiply.
    private static let aliasLimit = 16

    let file: String
    let text: String
    /// Set when the text is the value of an override: marks then name it, and no line of the text.
    var override: YAMLMark?

    func compose() throws -> YAMLTree {
        try refuseManyAliases()
        let first: Node
        let parser: Parser
        do {
            parser = try Parser(yaml: text, encoding: .utf8)
            guard let node = try parser.nextRoot() else {
                if let override { return YAMLTree(content: .scalar("", isQuoted: false), mark: override) }
                throw RecipeError(at: place(line: 1, column: 1), "the file is empty; it must hold settings")
            }
            first = node
            // Nodes hold their anchors weakly, so they are looked at while the parser lives.
            if let second = try withExtendedLifetime(parser, { try parser.nextRoot() }) {
                throw RecipeError(at: mark(second.mark), "a second document begins here; a file holds one")
            }
        } catch let error as YamlError {
            throw readable(error)
        }
        return try withExtendedLifetime(parser) { try tree(of: first, depth: 0) }
    }

    private func mark(_ mark: Mark?) -> YAMLMark { place(line: mark?.line, column: mark?.column) }

    private func place(line: Int?, column: Int?) -> YAMLMark {
        override ?? YAMLMark(file: file, line: line, column: column)
    }

    private func tree(of node: Node, depth: Int) throws -> YAMLTree {
        let place = mark(node.mark)
        guard depth <= YAMLDocument.depthLimit else {
            throw RecipeError(
                .limitExceeded, at: place, "settings are nested more than \(YAMLDocument.depthLimit) deep here")
        }
        // The anchor comes before its aliases, which Yams resolves: the first is refused, nothing is ever multiplied.
        guard node.anchor == nil else {
            throw RecipeError(at: place, "anchors and aliases (&name, *name) are not read; write the settings out")
        }
        switch node {
        case .scalar(let scalar):
            // Yams gives quoted text the tag of strings.
            let isQuoted = scalar.style != .plain
            if !isQuoted || scalar.tag.rawValue != "tag:yaml.org,2002:str" { try refuse(scalar.tag, place) }
            return YAMLTree(content: .scalar(scalar.string, isQuoted: isQuoted), mark: place)
        case .sequence(let sequence):
            try refuse(sequence.tag, place)
            return YAMLTree(content: .sequence(try sequence.map { try tree(of: $0, depth: depth + 1) }), mark: place)
        case .mapping(let mapping):
            try refuse(mapping.tag, place)
            var entries: [YAMLTree.Entry] = []
            var known: Set<String> = []
            for (key, value) in mapping {
                let keyMark = mark(key.mark)
                guard case .scalar(let name) = key, key.anchor == nil, !name.string.isEmpty else {
                    throw RecipeError(at: keyMark, "a key must be a word")
                }
                guard known.insert(name.string).inserted else { throw duplicate(name.string, keyMark) }
                entries.append(.init(key: name.string, mark: keyMark, value: try tree(of: value, depth: depth + 1)))
            }
            return YAMLTree(content: .mapping(entries), mark: place)
        case .alias: throw RecipeError(at: place, "aliases (*name) are not read; write the settings out")
        }
    }

    private func refuse(_ tag: Tag, _ place: YAMLMark) throws {
        // "!" alone only says that text is text.
        guard ["", "!"].contains(tag.rawValue) else {
            throw RecipeError(at: place, "the tag “\(shown(tag.rawValue))” is not read; leave it out")
        }
    }

    private func duplicate(_ key: String, _ place: YAMLMark) -> RecipeError {
        RecipeError(at: place, "“\(shown(key))” is here a second time; keep one of the two")
    }

    /// Yams takes aliases apart before anyone can look, and compares keys that hold them: what could grow beyond measure is
    /// refused by its looks.
    private func refuseManyAliases() throws {
        var count = 0
        var line = 1
        var previous: UInt8 = 0x0A
        var isComment = false
        let bytes = Array(text.utf8)
        for (place, byte) in bytes.enumerated() {
            if byte == 0x0A {
                line += 1
                isComment = false
            } else if byte == UInt8(ascii: "#"), previous <= 0x20 {
                isComment = true
            }
            let canBegin =
                previous <= 0x20 || [UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ",")].contains(previous)
            if byte == UInt8(ascii: "*"), canBegin, !isComment, place + 1 < bytes.count, bytes[place + 1] > 0x20 {
                count += 1
                guard count <= Self.aliasLimit else {
                    throw RecipeError(
                        .limitExceeded, at: override ?? YAMLMark(file: file, line: line),
                        "there are more than \(Self.aliasLimit) aliases (*name) up to here, and none is read")
                }
            }
            previous = byte
        }
    }

    /// What libyaml found, in a sentence with its place.
    private func readable(_ error: YamlError) -> RecipeError {
        switch error {
        case .scanner(let context, let problem, let place, _), .parser(let context, let problem, let place, _),
            .composer(let context, let problem, let place, _):
            let around = context.map { " \($0.text.trimmingPrefix("while "))" } ?? ""
            return RecipeError(
                at: mark(place),
                "this is no YAML: \(problem)\(around); check indentation, quotes and the space behind colons")
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.first ?? ""
            return duplicate(key, place(line: secondLine(of: key, after: context.mark), column: context.mark.column))
        case .reader(let problem, let offset, _, _):
            let place = offset.map { String(decoding: text.utf8.prefix($0), as: UTF8.self) } ?? ""
            let line = 1 + place.utf8.count { $0 == 0x0A }
            return RecipeError(
                at: override ?? YAMLMark(file: file, line: line), "this is no YAML: \(problem); remove the character")
        default: return RecipeError(at: mark(nil), "this is no YAML", cause: error)
        }
    }

    /// Where the same key stands again, in lines that are indented as the first; the first where it is not found.
    private func secondLine(of key: String, after first: Mark) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated().dropFirst(first.line) {
            let indentation = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indentation).drop { $0 == "\"" || $0 == "'" }
            if indentation == first.column - 1, rest.hasPrefix(key),
                rest.dropFirst(key.count).first.map({ ":\"' ".contains($0) }) == true
            {
                return number + 1
            }
        }
        return first.line
    }
}
