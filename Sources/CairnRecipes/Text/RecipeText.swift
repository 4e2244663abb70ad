import Foundation

/// A recipe as a list of steps for a reader, each with what is done and which document says so.
public struct RecipeText: Sendable, Hashable, CustomStringConvertible {
    /// One step.
    public struct Step: Sendable, Hashable, Codable {
        /// What it is called: “Model resnet152”.
        public var title: String
        /// What is done, a line each.
        public var lines: [String]
        /// Which document says so.
        public var source: String
    }

    /// What the recipe is called.
    public let title: String
    /// What it is, and the documents that it follows.
    public let introduction: [String]
    /// From photos to figures.
    public let steps: [Step]

    /// Tells a recipe.
    public init(_ recipe: Recipe) {
        title = "\(recipe.name): \(recipe.title)"
        var introduction = recipe.summary.map { [$0] } ?? []
        for document in recipe.documents {
            introduction.append(
                "Follows: \([document.title, document.link, document.note].compactMap(\.self).joined(separator: ". "))")
        }
        self.introduction = introduction
        steps = RecipeTeller(recipe: recipe).steps()
    }

    /// The whole text, lines of at most 100 letters.
    public var description: String {
        var lines = wrapped(title, indent: "")
        for paragraph in introduction { lines += [""] + wrapped(paragraph, indent: "") }
        for (index, step) in steps.enumerated() {
            lines += ["", "\(index + 1). \(step.title)"]
            for line in step.lines { lines += wrapped(line, indent: "   ", hanging: "     ") }
            lines += wrapped("source: \(step.source)", indent: "   → ", hanging: "     ")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func wrapped(_ text: String, indent: String, hanging: String? = nil) -> [String] {
        var lines: [String] = []
        var line = indent
        var isEmpty = true
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !isEmpty, line.count + word.count + 1 > 100 {
                lines.append(line)
                line = hanging ?? indent
                isEmpty = true
            }
            line += isEmpty ? String(word) : " \(word)"
            isEmpty = false
        }
        return lines + [line]
    }
}

extension Recipe {
    /// The recipe as JSON with sorted keys, complete with defaults. Reads back by `JSONDecoder` as the same recipe.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
