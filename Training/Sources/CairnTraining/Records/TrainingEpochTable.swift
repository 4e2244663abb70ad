import CairnEvaluation
import CairnTerminal

/// A run's epochs, a row each, the best marked.
struct TrainingEpochTable {
    let history: TrainingHistory

    var html: String {
        guard !history.epochs.isEmpty else { return "" }
        let figures = history.figures
        let parts = history.lossNames.count > 1 ? history.lossNames : []
        let hasAccuracy = history.epochs.contains { $0.accuracy != nil }
        let best = Dictionary(uniqueKeysWithValues: figures.map { ($0, history.best($0)) })
        let names =
            ["epoch", "stage"] + figures + ["loss"] + parts + (hasAccuracy ? ["accuracy"] : [])
            + ["learning rate", "images/s", "time", "of it validation", "peak memory"]
        let rows = history.epochs.enumerated().map { index, record in
            let stage = history.stages.last { $0.stage == record.stage }?.name ?? "\(record.stage + 1)"
            var cells = ["<td class=\"text\">\(HTML.escaped(stage))</td>"]
            for name in figures {
                let isBest = best[name] == index
                let value = record.validation[name].map(TrainingText.figure) ?? "–"
                cells.append(isBest ? "<td class=\"best\">\(value)</td>" : "<td>\(value)</td>")
            }
            cells.append(Self.cell(TrainingText.figure(record.loss)))
            cells += parts.map { Self.cell(record.losses[$0].map(TrainingText.figure)) }
            if hasAccuracy { cells.append(Self.cell(record.accuracy.map(TrainingText.percent))) }
            cells.append(Self.cell(TrainingText.figure(record.learningRate)))
            cells.append(Self.cell(TrainingText.figure(record.imagesPerSecond)))
            cells.append(Self.cell(ProgressBar.clock(record.seconds)))
            cells.append(Self.cell(record.validationSeconds > 0 ? ProgressBar.clock(record.validationSeconds) : nil))
            cells.append(Self.cell(record.peakResidentBytes.map(TrainingText.bytes)))
            let isOwn = figures.first.flatMap { best[$0] } == index
            let chip = isOwn ? " <span class=\"chip good\">best</span>" : ""
            return """
                <tr\(isOwn ? " class=\"own\"" : "")><th scope="row">\(history.number(of: record))\(chip)</th>\(cells.joined())</tr>
                """
        }
        let head = names.enumerated().map { index, name in
            "<th scope=\"col\"\(index == 1 ? " class=\"text\"" : "")>\(HTML.escaped(name))</th>"
        }
        return """
            <section class="card"><div class="heading"><h2>Epochs</h2></div><div class="scroll"><table class="num epochs"><thead>\
            <tr>\(head.joined())</tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div></section>
            """
    }

    private static func cell(_ text: String?) -> String { "<td>\(text ?? "–")</td>" }
}
