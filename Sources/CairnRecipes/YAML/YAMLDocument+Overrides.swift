extension YAMLDocument {
    /// Changes a value before anything is read, as `--set models.0.backbone=resnet18` does.
    ///
    /// - Parameters:
    ///   - path: Keys between dots. An item of a list is its number from 0, its `name`, or `*` for all of them. The last
    ///     key may be new; keys on the way that are not there become mappings.
    ///   - text: The value in YAML: `3`, `[64, 96]`, `{kind: gem}`, `"text"`. `null` leaves the setting out.
    /// - Throws: `RecipeError` that names the override.
    public mutating func set(_ path: String, _ text: String) throws {
        let mark = YAMLMark(file: name, override: "\(path)=\(shown(text))")
        try change(path, try YAMLComposer(file: name, text: text, override: mark).compose(), mark)
    }

    /// Applies `models.0.backbone=resnet18`. Throws `RecipeError` for text without an equals sign, and as `set` does.
    public mutating func set(assignment: String) throws {
        let sides = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].isEmpty else {
            throw RecipeError(
                .invalidArgument,
                "“\(shown(assignment))” sets nothing; write a key and its value, as models.0.backbone=resnet18")
        }
        try set(String(sides[0]), String(sides[1]))
    }

    /// Applies the mapping of paths and values that stands at a key of the file itself, such as `rehearsal`, in its order.
    public mutating func applyOverrides(at key: String) throws {
        guard let section = tree.child(key[...]), !section.isNull else { return }
        guard case .mapping(let entries) = section.content else {
            throw RecipeError(
                at: section.mark, "“\(key)” is \(section.inWords); it must be a mapping of paths and values")
        }
        for entry in entries {
            var mark = entry.mark
            mark.override = "\(key): \(entry.key)"
            try change(entry.key, entry.value.marked(mark), mark)
        }
    }

    private mutating func change(_ path: String, _ value: YAMLTree, _ mark: YAMLMark) throws {
        let components = path.split(separator: ".", omittingEmptySubsequences: false)
        guard components.allSatisfy({ !$0.isEmpty }) else {
            throw RecipeError(.invalidArgument, at: mark, "a path is keys between dots, as models.0.backbone")
        }
        try tree.change(components[...], to: value, mark: mark, walked: "the file")
    }
}

extension YAMLTree {
    /// The same values, all at one place.
    fileprivate func marked(_ mark: YAMLMark) -> YAMLTree {
        var copy = self
        copy.mark = mark
        switch content {
        case .scalar: break
        case .sequence(let items): copy.content = .sequence(items.map { $0.marked(mark) })
        case .mapping(let entries):
            copy.content = .mapping(
                entries.map { Entry(key: $0.key, mark: mark, value: $0.value.marked(mark)) })
        }
        return copy
    }

    fileprivate mutating func change(
        _ path: ArraySlice<Substring>, to value: YAMLTree, mark: YAMLMark, walked: String
    ) throws {
        guard let component = path.first else {
            self = value
            return
        }
        let rest = path.dropFirst()
        if isNull { self = YAMLTree(content: .mapping([]), mark: mark) }
        switch content {
        case .scalar:
            throw RecipeError(
                .invalidArgument, at: mark,
                "\(walked) is \(inWords), and has nothing called “\(component)”; end the path before it")
        case .mapping(var entries):
            let next = "“\(component)”"
            if let place = entries.firstIndex(where: { $0.key == component }) {
                if rest.isEmpty, value.isNull {
                    entries.remove(at: place)
                } else {
                    if rest.isEmpty { entries[place].mark = mark }
                    try entries[place].value.change(rest, to: value, mark: mark, walked: next)
                }
            } else if !value.isNull {
                var child = YAMLTree(content: .scalar("", isQuoted: false), mark: mark)
                try child.change(rest, to: value, mark: mark, walked: next)
                entries.append(Entry(key: String(component), mark: mark, value: child))
            }
            content = .mapping(entries)
        case .sequence(var items):
            let places: [Int]
            if component == "*" {
                places = Array(items.indices)
            } else if let place = Self.index(of: component, in: items) {
                places = [place]
            } else {
                throw RecipeError(
                    .invalidArgument, at: mark,
                    "\(walked) is a list, and has no item “\(component)”; \(Self.names(of: items)), or * for all")
            }
            if rest.isEmpty, value.isNull {
                for place in places.reversed() { items.remove(at: place) }
            } else {
                for place in places {
                    try items[place].change(rest, to: value, mark: mark, walked: "\(walked) \(place)")
                }
            }
            content = .sequence(items)
        }
    }
}
