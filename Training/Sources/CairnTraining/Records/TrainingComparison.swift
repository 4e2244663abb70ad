import CairnEvaluation
import CairnTerminal
import Foundation

/// Runs side by side as one HTML file that loads nothing: their figures in a table, and their validation curves over one another.
public struct TrainingComparison: Sendable {
    /// One of the runs.
    public struct Run: Sendable {
        /// What it is called: what it does differently.
        public var name: String
        /// What its log holds.
        public var events: [TrainingEvent]
        /// A line about it; empty for none.
        public var note: String

        /// Makes a run.
        public init(name: String, events: [TrainingEvent], note: String = "") {
            self.name = name
            self.events = events
            self.note = note
        }
    }

    private struct Row {
        let run: Run
        let history: TrainingHistory
    }

    private let title: String
    private let rows: [Row]
    private let figures: [String]
    private let date: String

    /// Takes runs in the order in which they are shown. The first run's own figure comes first.
    public init(title: String, runs: [Run], date: String = Date.now.ISO8601Format()) {
        self.title = title
        self.date = date
        rows = runs.map { Row(run: $0, history: TrainingHistory($0.events)) }
        figures = rows.flatMap(\.history.figures).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// Writes the page, all of it or nothing. Throws `CommandError` where that cannot be done.
    public func write(to path: String) throws { try OutputFile.write(html(), to: path) }

    /// The page. O(events).
    public func html() -> String {
        let machines = Set(rows.compactMap(\.history.run?.machine)).sorted()
        let facts = ["\(HTML.count(rows.count, "run"))"] + machines
        let body = """
            <main class="page">
            <div class="top"><h1>\(HTML.escaped(title))</h1>
            <p class="facts num">\(facts.map { "<span>\(HTML.escaped($0))</span>" }.joined())</p></div>
            \(table)
            \(charts)
            </main>
            <footer>Written \(HTML.escaped(date))</footer>
            """
        let style = [CurveChart.colours, CurveChart.style, SheetStyle.report, TrainingStyle.rules, Self.style]
        return SheetPage(title: title, style: style.joined(separator: "\n"), body: body).render()
    }

    private static let style = """
        .compared { margin-top: 22px; } .compared tbody th { white-space: normal; min-width: 180px; }
        .compared small { padding-left: 31px; }
        """

    private var table: String {
        guard !rows.isEmpty else { return "" }
        let head =
            ["<th scope=\"col\">run</th>"]
            + figures.map {
                "<th scope=\"col\">\(HTML.escaped($0))<small>best</small></th><th scope=\"col\"><small>last</small></th>"
            }
            + ["loss", "epochs", "steps", "time", "state"].map { "<th scope=\"col\">\($0)</th>" }
        let highest = figures.map { figure in
            rows.compactMap { row in row.history.best(figure).flatMap { row.history.epochs[$0].validation[figure] } }
                .max()
        }
        let lines = rows.enumerated().map { index, row in
            let figures = zip(figures, highest).map { cells(row.history, $0, highest: $1) }
            return "<tr>\(name(index, row))\(figures.joined())\(rest(row.history))</tr>"
        }
        return """
            <section class="card compared"><div class="scroll"><table class="num"><thead><tr>\(head.joined())</tr></thead><tbody>
            \(lines.joined(separator: "\n"))
            </tbody></table></div></section>
            """
    }

    private func name(_ index: Int, _ row: Row) -> String {
        let note = row.run.note.isEmpty ? "" : "<small>\(HTML.escaped(row.run.note))</small>"
        return """
            <th scope="row"><span class="named"><svg class="swatch series \(ChartPalette.classes(slot: index))" \
            viewBox="0 0 22 8" width="22" height="8" aria-hidden="true"><path class="line" d="M1 4H21"/></svg>\
            <bdi>\(HTML.escaped(row.run.name))</bdi></span>\(note)</th>
            """
    }

    private func cells(_ history: TrainingHistory, _ figure: String, highest: Double?) -> String {
        let last = history.epochs.last { $0.validation[figure] != nil }?.validation[figure]
        guard let best = history.best(figure), let value = history.epochs[best].validation[figure] else {
            return "<td>–</td><td>\(last.map(TrainingText.figure) ?? "–")</td>"
        }
        let epoch = history.number(of: history.epochs[best])
        return """
            <td\(value == highest ? " class=\"best\"" : "")>\(TrainingText.figure(value))<small>epoch \(epoch)</small></td>\
            <td>\(last.map(TrainingText.figure) ?? "–")</td>
            """
    }

    private func rest(_ history: TrainingHistory) -> String {
        let state: String =
            switch history.state {
            case .running: "<span class=\"chip\">running</span>"
            case .done: "<span class=\"chip good\">done</span>"
            case .stopped(let reason): "<span class=\"chip bad\" title=\"\(HTML.escaped(reason))\">stopped</span>"
            }
        let cells = [
            history.epochs.last.map { TrainingText.figure($0.loss) } ?? "–", "\(history.epochs.count)",
            "\(max(history.steps.last?.globalStep ?? 0, history.epochs.last?.globalStep ?? 0))",
            ProgressBar.clock(history.estimate.secondsSpent), state,
        ]
        return cells.map { "<td>\($0)</td>" }.joined()
    }

    private var charts: String {
        let cards = figures.enumerated().map { index, figure in
            let series = rows.enumerated().map { slot, row in
                let points = row.history.epochs.compactMap { record in
                    record.validation[figure].map {
                        CurveChart.Point(x: Double(row.history.number(of: record)), y: $0)
                    }
                }
                return CurveChart.Series(name: row.run.name, points: CurveThinning.even(points), slot: slot)
            }
            let chart = CurveChart(
                title: figure, summary: "\(figure) of the validation photos after each epoch, run by run.",
                x: .init("epoch"), y: .init(figure), series: series, legend: rows.count > 1 ? .automatic : .none)
            return """
                <figure class="card chart-card"><figcaption><h2>\(HTML.escaped(figure))</h2>\
                <p>Of the validation photos, epoch by epoch.</p></figcaption>\(chart.sized.fragment(id: "chart-\(index)"))</figure>
                """
        }
        return cards.isEmpty ? "" : "<section class=\"charts\">\(cards.joined(separator: "\n"))</section>"
    }
}
