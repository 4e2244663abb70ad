import Foundation

extension RecipeReport {
    /// As JSON: keys sorted, indented.
    public func json() throws -> String {
        String(decoding: try RecipeRunStore.json(self, isIndented: true), as: UTF8.self)
    }

    /// As a page in Markdown.
    public var markdown: String {
        var lines = ["# \(title)", ""]
        if isUntrained {
            lines += [
                "**The networks have random weights: these figures mean nothing.** They show that every step runs.", "",
            ]
        }
        lines += [
            "Recipe `\(recipe)` on `\(data)` (\(layout)): \(galleryCount) photos, \(queryCount) queries.", "",
        ]
        if !figures.isEmpty {
            let isReranked = figures.contains { $0.reranked != nil }
            lines += [
                isReranked ? "| figure | searched | re-ranked |" : "| figure | |",
                isReranked ? "|---|---:|---:|" : "|---|---:|",
            ]
            for figure in figures {
                let name = [figure.setting, figure.name].compactMap(\.self).joined(separator: " ")
                let cells = [Self.text(figure.searched), figure.reranked.map(Self.text)].compactMap(\.self)
                lines.append("| \(name) | \(cells.joined(separator: " | ")) |")
            }
            lines.append("")
        }
        if let rerankedQueries {
            lines += ["Re-ranking changed the order for \(rerankedQueries) of \(queryCount) queries.", ""]
        }
        if let recognition { lines += ["## Recognition", "", recognition.sentence, ""] }
        if !cleaning.isEmpty {
            lines += [
                "## Cleaning", "", "| step | method | photos | labels | kept | classes |",
                "|---|---|---:|---:|---:|---:|",
            ]
            lines += cleaning.map {
                "| \($0.name) | \($0.method) | \($0.photos) | \($0.labels) | \($0.kept) | \($0.classes) |"
            }
            lines.append("")
        }
        if !models.isEmpty {
            lines += ["## Models", "", "| role | model | dimensions |", "|---|---|---:|"]
            lines += models.map { "| \($0.role) | \($0.model ?? "random weights") | \($0.dimensions) |" }
            lines.append("")
        }
        lines += ["## Steps", "", "| step | seconds | |", "|---|---:|---|"]
        lines += steps.map {
            "| \($0.step.rawValue) | \(String(format: "%.1f", $0.seconds)) | \($0.summary)\($0.isReused ? " (of an earlier run)" : "") |"
        }
        if !notes.isEmpty { lines += ["", "## Notes", ""] + notes.map { "- \($0)" } }
        if !reported.isEmpty {
            lines += ["", "## What the document reports", "", "| figure | value | on |", "|---|---:|---|"]
            lines += reported.map { "| \($0.figure) | \(Self.text($0.value)) | \($0.on) |" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The figures for a terminal.
    public var table: String {
        var lines: [String] = []
        let width = max(12, figures.map { ($0.setting.map { $0.count + 1 } ?? 0) + $0.name.count }.max() ?? 0)
        func padded(_ text: String) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
        let isReranked = figures.contains { $0.reranked != nil }
        if !figures.isEmpty { lines.append(padded("") + (isReranked ? "  searched  re-ranked" : "  searched")) }
        for figure in figures {
            let name = [figure.setting, figure.name].compactMap(\.self).joined(separator: " ")
            lines.append(
                padded(name) + "    \(Self.text(figure.searched))"
                    + (figure.reranked.map { "     \(Self.text($0))" } ?? ""))
        }
        for step in cleaning {
            lines.append("cleaning \(step.name): \(step.kept) of \(step.photos) photos in \(step.classes) classes")
        }
        if let recognition { lines.append(recognition.sentence) }
        return lines.joined(separator: "\n")
    }

    private static func text(_ value: Double) -> String { String(format: "%.4f", value) }
}

extension RecognitionFigures {
    /// The figures in a sentence.
    var sentence: String {
        func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
        return
            "GAP \(String(format: "%.4f", globalAveragePrecision)) over \(landmarkQueries) photos of landmarks and \(nonLandmarkQueries) of none; the best label is right for \(percent(accuracy)), accepted with the right label are \(percent(recognized)), with a wrong one \(percent(confused)), and \(percent(falseAcceptRate)) of the others."
    }
}
