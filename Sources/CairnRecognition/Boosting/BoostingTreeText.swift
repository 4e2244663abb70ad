/// One tree of a model text, proven to be a tree: every child number points to a node or leaf that exists, to one that comes
/// later, and no two point to the same.
struct BoostingTreeText {
    /// Why a tree is refused.
    struct Refusal: Error {
        let reason: String
    }

    private let fields: [Substring: Substring]
    private let leaves: Int

    /// Splits in the bits of decision_type: categorical (1), default left (2), and in two bits how what is missing is marked.
    private static let categoricalBit = 1
    private static let decisionTypes = 0..<16

    /// Checks a tree.
    init(_ fields: [Substring: Substring], features: Int) throws(Refusal) {
        guard let leaves = fields["num_leaves"].flatMap({ Int($0) }), (1...1_000_000).contains(leaves) else {
            throw Refusal(reason: "does not say how many leaves it has")
        }
        self.fields = fields
        self.leaves = leaves
        guard fields["num_cat"] == "0", fields["is_linear"] ?? "0" == "0" else {
            throw Refusal(reason: "is categorical or linear, which this build does not train")
        }
        guard let shrinkage = fields["shrinkage"].flatMap({ Double($0) }), shrinkage.isFinite else {
            throw Refusal(reason: "has no shrinkage")
        }
        try numbers("leaf_value", count: leaves)
        let nodes = leaves - 1
        if nodes > 0 {
            try numbers("leaf_weight", count: leaves)
            // A split between what is there and what is missing has an infinite threshold.
            try numbers("threshold", count: nodes, allowing: ["inf", "-inf"])
            try numbers("split_gain", count: nodes, allowing: ["inf"])
            try numbers("internal_value", count: nodes)
            try numbers("internal_weight", count: nodes)
            _ = try integers("leaf_count", count: leaves)
            _ = try integers("internal_count", count: nodes)
        }
        guard try integers("split_feature", count: nodes).allSatisfy({ (0..<features).contains($0) }) else {
            throw Refusal(reason: "splits by a feature that is not there")
        }
        guard
            try integers("decision_type", count: nodes).allSatisfy({
                Self.decisionTypes.contains($0) && $0 & Self.categoricalBit == 0
            })
        else { throw Refusal(reason: "decides in a way that is not known") }
        var seen = Set<Int>()
        for name in ["left_child", "right_child"] {
            for (parent, child) in try integers(name[...], count: nodes).enumerated() {
                // Leaves are counted -1, -2, …
                let exists = child >= 0 ? child < nodes && child > parent : child >= -leaves
                guard exists, seen.insert(child).inserted else { throw Refusal(reason: "is no tree") }
            }
        }
    }

    /// The lines of the tree under its number, in LightGBM's order.
    func text(number: Int) -> String {
        let order: [Substring] = [
            "num_leaves", "num_cat", "split_feature", "split_gain", "threshold", "decision_type", "left_child",
            "right_child", "leaf_value", "leaf_weight", "leaf_count", "internal_value", "internal_weight",
            "internal_count", "is_linear", "shrinkage",
        ]
        let lines = order.map { "\($0)=\(fields[$0] ?? ($0 == "is_linear" ? "0" : ""))" }
        return "Tree=\(number)\n" + lines.joined(separator: "\n") + "\n\n\n"
    }

    /// So many finite numbers, in the plain characters of decimals, or of the words allowed.
    private func numbers(_ key: Substring, count: Int, allowing others: Set<Substring> = []) throws(Refusal) {
        let words = (fields[key] ?? "").split(separator: " ", omittingEmptySubsequences: false)
        let areNumbers = words.allSatisfy { word in
            others.contains(word)
                || word.utf8.count <= 40 && word.utf8.allSatisfy(Self.decimalBytes.contains)
                    && Double(word)?.isFinite == true
        }
        guard words.count == count, areNumbers else { throw Refusal(reason: "has not \(count) numbers as \(key)") }
    }

    /// So many 32-bit integers.
    private func integers(_ key: Substring, count: Int) throws(Refusal) -> [Int] {
        guard let text = fields[key] else { throw Refusal(reason: "has no \(key)") }
        let words = text.isEmpty ? [] : text.split(separator: " ", omittingEmptySubsequences: false)
        let values = words.compactMap { Int32($0).map(Int.init) }
        guard words.count == count, values.count == count else {
            throw Refusal(reason: "has not \(count) whole numbers as \(key)")
        }
        return values
    }

    private static let decimalBytes = Set("0123456789+-.eE".utf8)
}
