/// A model in LightGBM's text format, version 4, found to be whole.
///
/// LightGBM's own reader takes sizes and indices on trust, and text made to harm would make it read outside its memory. So
/// every line is checked here: only what a multi-class model of plain numeric trees needs is let through; array lengths,
/// feature numbers, and the shape of each tree are proven; and the sizes of trees, by which LightGBM finds them, are written
/// anew.
struct BoostingModelText: Sendable, Hashable {
    /// The text, rewritten; what follows the trees (importances, training parameters) is left out.
    let text: String
    /// How many classes.
    let classes: Int
    /// The names of the features.
    let features: [String]

    private static let maximumBytes = 1 << 28

    /// Whether a name can stand in a model.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: ".")
            }
    }

    /// Checks a text.
    ///
    /// - Parameter renaming: the names of the features, where the text has none of its own.
    init(_ text: String, renaming names: [String]? = nil) throws(RecognitionError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw RecognitionError(
                .limitExceeded, "a boosted model of \(text.utf8.count) bytes is too large; 256 MiB is the limit")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.first == "tree" else { throw Self.damaged("it does not start with “tree”") }
        lines.removeFirst()
        let header = try Self.fields(&lines, allowing: Self.headerKeys)
        guard header["version", default: ""] == "v4" else {
            throw RecognitionError(
                .unsupported, "a boosted model of version \(header["version"] ?? "?") cannot be read; version v4 can")
        }
        guard let classes = header["num_class"].flatMap({ Int($0) }), (2...1000).contains(classes),
            header["num_tree_per_iteration", default: ""] == String(classes), header["label_index", default: ""] == "0",
            header["objective", default: ""] == "multiclass num_class:\(classes)",
            let lastFeature = header["max_feature_idx"].flatMap({ Int($0) }), (0..<100_000).contains(lastFeature)
        else { throw Self.damaged("its header is not that of a multi-class model") }
        let own = (header["feature_names"] ?? "").split(separator: " ").map(String.init)
        let features = names ?? own
        guard features.count == lastFeature + 1, Set(features).count == features.count, features.allSatisfy(Self.isName)
        else { throw Self.damaged("its feature names are not \(lastFeature + 1) plain words") }

        var trees: [String] = []
        var isWhole = false
        while let line = lines.popFirst() {
            isWhole = line == "end of trees"
            if isWhole { break }
            if line.isEmpty { continue }
            guard line == "Tree=\(trees.count)" else { throw Self.damaged("tree \(trees.count) is missing") }
            let fields = try Self.fields(&lines, allowing: Self.treeKeys)
            do {
                try trees.append(BoostingTreeText(fields, features: features.count).text(number: trees.count))
            } catch {
                throw Self.damaged("tree \(trees.count) \(error.reason)")
            }
        }
        guard isWhole, !trees.isEmpty, trees.count.isMultiple(of: classes) else {
            throw Self.damaged("it ends after \(trees.count) trees")
        }
        let head = [
            "tree", "version=v4", "num_class=\(classes)", "num_tree_per_iteration=\(classes)", "label_index=0",
            "max_feature_idx=\(lastFeature)", "objective=multiclass num_class:\(classes)",
            "feature_names=" + features.joined(separator: " "),
            // LightGBM wants a range for each feature; predictions do not use it.
            "feature_infos=" + features.map { _ in "none" }.joined(separator: " "),
            "tree_sizes=" + trees.map { String($0.utf8.count) }.joined(separator: " "), "", "",
        ]
        self.text = head.joined(separator: "\n") + trees.joined() + "end of trees\n"
        self.classes = classes
        self.features = features
    }

    private static let headerKeys: Set<Substring> = [
        "version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective",
        "feature_names",
        "feature_infos", "tree_sizes", "monotone_constraints", "max_bin_by_feature",
    ]

    private static let treeKeys: Set<Substring> = [
        "num_leaves", "num_cat", "split_feature", "split_gain", "threshold", "decision_type", "left_child",
        "right_child",
        "leaf_value", "leaf_weight", "leaf_count", "internal_value", "internal_weight", "internal_count", "is_linear",
        "shrinkage",
    ]

    /// Reads “key=value” lines up to an empty one.
    private static func fields(
        _ lines: inout ArraySlice<Substring>, allowing keys: Set<Substring>
    ) throws(RecognitionError) -> [Substring: Substring] {
        var fields: [Substring: Substring] = [:]
        while let line = lines.popFirst(), !line.isEmpty {
            guard let equals = line.firstIndex(of: "="), keys.contains(line[..<equals]),
                fields.updateValue(line[line.index(after: equals)...], forKey: line[..<equals]) == nil
            else { throw damaged("the line “\(line.prefix(40))” does not belong there") }
        }
        return fields
    }

    private static func damaged(_ detail: String) -> RecognitionError {
        RecognitionError(.corrupted, "a boosted model is damaged: \(detail); train it again")
    }
}
