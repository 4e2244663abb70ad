import CairnEvaluation
import CairnTerminal
import Foundation

/// A run as one HTML file that loads nothing, for light, dark and paper: how it stands, curves, epochs, settings, warnings.
public struct TrainingReport: Sendable {
    private let history: TrainingHistory
    private let samples: SheetImage?
    private let date: String

    /// Takes the events of a run, whole or under way.
    ///
    /// - Parameters:
    ///   - events: What its log holds.
    ///   - samples: Augmented training photos on one picture; `nil` for none.
    ///   - date: When the report is written, as the reader is to see it.
    public init(
        events: [TrainingEvent], samples: SheetImage? = nil, date: String = Date.now.ISO8601Format()
    ) {
        history = TrainingHistory(events)
        self.samples = samples
        self.date = date
    }

    /// Writes the page, all of it or nothing. Throws `CommandError` where that cannot be done.
    public func write(to path: String) throws { try OutputFile.write(html(), to: path) }

    /// The page. O(events).
    public func html() -> String {
        let body = """
            <main class="page">
            <div class="top"><h1>\(HTML.escaped(title))</h1>\(subtitle)<p class="facts num">\(facts)</p></div>
            \(standing)
            \(warnings)
            \(charts)
            \(TrainingEpochTable(history: history).html)
            \(samplesCard)
            \(settings)
            </main>
            <footer>Written \(HTML.escaped(date))</footer>
            """
        let style = [CurveChart.colours, CurveChart.style, SheetStyle.report, TrainingStyle.rules]
        return SheetPage(title: title, style: style.joined(separator: "\n"), body: body).render()
    }

    private var title: String {
        guard let run = history.run else { return "Training" }
        return run.title.isEmpty ? run.recipe : run.title
    }

    private var subtitle: String {
        guard let run = history.run else { return "" }
        return "<p class=\"lede\">Training “\(HTML.escaped(run.model))” by the recipe \(HTML.escaped(run.recipe))</p>"
    }

    private var facts: String {
        guard let run = history.run else { return "" }
        let versions = run.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let facts =
            [
                run.machine, HTML.count(run.threads, "thread"),
                run.processes == 1 ? "1 process" : "\(run.processes) processes",
            ] + versions + ["seed \(run.seed)", "settings \(run.settingsDigest)", "started \(run.date)"]
        return facts.map { "<span>\(HTML.escaped($0))</span>" }.joined()
    }

    /// How the run stands, its bar, and its figures so far.
    private var standing: String {
        let estimate = history.estimate
        let spent = ProgressBar.clock(estimate.secondsSpent)
        let (chip, words): (String, String) =
            switch history.state {
            case .running:
                (
                    "<span class=\"chip\">Running</span>",
                    "\(spent) so far"
                        + (estimate.secondsLeft.map { ", about \(ProgressBar.clock($0)) left when this was written" }
                            ?? "")
                )
            case .done: ("<span class=\"chip good\">Done</span>", "in \(spent)")
            case .stopped(let reason):
                ("<span class=\"chip bad\">Stopped</span>", "after \(spent): \(HTML.escaped(reason))")
            }
        let share = history.state == .done ? 1 : estimate.share
        let tiles = self.tiles.map {
            "<div class=\"tile\"><dt>\(HTML.escaped($0.name))</dt><dd class=\"num\">\(HTML.escaped($0.value))</dd><small>\(HTML.escaped($0.note))</small></div>"
        }
        return """
            <section class="card standing"><p class="state">\(chip) <span class="num">\(words)</span></p>\
            <div class="done" role="progressbar" aria-label="Share of the run that is done" aria-valuemin="0" \
            aria-valuemax="100" aria-valuenow="\(Int(share * 100))"><i style="width: \(HTML.percent(share))"></i></div>\
            <dl class="tiles">\(tiles.joined())</dl></section>
            """
    }

    private var tiles: [(name: String, value: String, note: String)] {
        var tiles: [(name: String, value: String, note: String)] = []
        let plan = history.estimate.plan
        if let figure = history.figures.first, let best = history.best(figure) {
            let record = history.epochs[best]
            tiles.append(
                (
                    "Best \(figure)", record.validation[figure].map(TrainingText.figure) ?? "–",
                    "epoch \(history.number(of: record))"
                ))
        }
        if let step = history.steps.last {
            let epoch = history.estimate.plan.epochs(beforeStage: step.stage) + step.epoch
            tiles.append(
                (
                    "Epoch", "\(epoch) of \(max(plan.epochs, epoch))",
                    "step \(step.globalStep) of \(max(plan.steps, step.globalStep))"
                ))
        }
        if let record = history.epochs.last {
            tiles.append(("Loss", TrainingText.figure(record.loss), "mean of epoch \(history.number(of: record))"))
            if let accuracy = record.accuracy {
                tiles.append(
                    ("Accuracy", TrainingText.percent(accuracy), "mean of epoch \(history.number(of: record))"))
            }
            tiles.append(("Images a second", TrainingText.figure(record.imagesPerSecond), "without validation"))
            if let peak = history.epochs.compactMap(\.peakResidentBytes).max() {
                tiles.append(("Peak memory", TrainingText.bytes(peak), "resident"))
            }
        }
        return tiles
    }

    private var charts: String {
        let cards = TrainingCharts(history: history).all.enumerated().map { index, item in
            """
            <figure class="card chart-card"><figcaption><h2>\(HTML.escaped(item.chart.title))</h2>\
            <p>\(HTML.escaped(item.note))</p></figcaption>\(item.chart.sized.fragment(id: "chart-\(index)"))</figure>
            """
        }
        return cards.isEmpty ? "" : "<section class=\"charts\">\(cards.joined(separator: "\n"))</section>"
    }

    private var warnings: String {
        guard !history.warnings.isEmpty else { return "" }
        let shown = history.warnings.prefix(100).map {
            "<li><span class=\"num\">step \($0.globalStep)</span> \(HTML.escaped($0.message))</li>"
        }
        let rest = history.warnings.count - shown.count
        let more = rest > 0 ? "<li>\(rest) more are in the log</li>" : ""
        return """
            <details class="card fold"><summary>\(HTML.count(history.warnings.count, "warning"))</summary>\
            <ul>\(shown.joined(separator: "\n"))\(more)</ul></details>
            """
    }

    private var samplesCard: String {
        guard let samples else { return "" }
        return """
            <figure class="card samples"><figcaption class="heading"><h2>Training photos</h2>\
            <p>As the network sees them, augmented.</p></figcaption><img src="\(samples.dataURI)" \
            width="\(samples.size.width)" height="\(samples.size.height)" alt="A sheet of augmented training photos"/></figure>
            """
    }

    private var settings: String {
        guard let run = history.run, !run.settings.isEmpty else { return "" }
        let lines = run.settings.split(separator: "\n", omittingEmptySubsequences: false).map {
            HTML.escaped(String($0))
        }
        return """
            <details class="card fold"><summary>Settings</summary><pre>\(lines.joined(separator: "\n"))</pre></details>
            """
    }
}

extension CurveChart {
    /// The size that a page's grid has room for, so that text keeps its size.
    var sized: CurveChart {
        var chart = self
        (chart.width, chart.height) = (620, 340)
        return chart
    }
}
