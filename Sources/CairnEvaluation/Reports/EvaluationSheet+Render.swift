import CairnMetrics
import Foundation

extension EvaluationSheet {
    /// The whole page. O(bytes of its pictures + shown results).
    public func render() -> String {
        let paths = thumbnails.keys.sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(paths, 0...))
        let body = """
            <main class="page">
            <div class="top"><h1>\(HTML.escaped(headline))</h1><p class="lede num">\(HTML.escaped(lede))</p>\
            \(selectionNote.map { "<p class=\"limited num\">\(HTML.escaped($0))</p>" } ?? "")</div>
            <div class="summary">\(tiles)\(kindTable)\(strip)</div>
            \(filters)
            <noscript><p class="lede">Pictures and filters need JavaScript; the figures and file names do not.</p></noscript>
            <div id="queries">\(items.enumerated().map { section($0, $1, numbers) }.joined(separator: "\n"))</div>
            <p class="empty" id="none" hidden="hidden">No query fits the filter.</p>
            </main>
            <footer><span class="key right">✓ right</span> <span class="key wrong">✕ wrong</span> \
            <span class="key missed">… right, but past rank \(depth) or not retrieved</span> \
            <span class="key junk">∅ junk: counts neither way, takes no rank</span>\(regionKey)</footer>
            """
        return SheetPage(
            title: title, style: Self.style, body: body,
            data: HTML.json(paths.map { thumbnails[$0]?.dataURI ?? "" }), script: Self.script
        ).render()
    }

    /// The outcome in words: how many queries were answered right at once, and how many without a single mistake.
    var headline: String {
        "\(scored.firstRight) of \(HTML.count(scored.count, "first answer")) right; \(scored.perfect) perfect"
    }

    /// What the sheet leaves out, where it does.
    var selectionNote: String? {
        guard items.count < queryCount else { return nil }
        switch limit {
        case .all: return nil
        case .worst: return "The \(items.count) worst of \(queryCount) queries are shown; the figures are of all."
        case .sample(_, let seed):
            return "A random \(items.count) of \(queryCount) queries are shown (seed \(seed)); the figures are of all."
        }
    }

    private var regionKey: String {
        items.contains { $0.region != nil }
            ? " <span class=\"key region\">▭ the part that was searched with</span>" : ""
    }

    private var lede: String {
        var parts = setting.map { ["judged \($0)"] } ?? []
        parts += [
            "median extraction \(HTML.milliseconds(timings.extraction.median))",
            "median search \(HTML.milliseconds(timings.search.median))", "worst queries first",
        ]
        if scored.count < queryCount { parts.append("\(queryCount - scored.count) without a right answer, not scored") }
        return parts.joined(separator: " · ")
    }

    private var tiles: String {
        let cells = figures.map {
            "<div><dt>\(HTML.escaped($0.name))</dt><dd class=\"num\">\(Self.figure($0.value))</dd></div>"
        }
        return
            "<dl class=\"tiles\">\(cells.joined())<div><dt>queries</dt><dd class=\"num\">\(scored.count)</dd></div></dl>"
    }

    /// A row for each kind: the headline with a bar, then the protocol's other figures.
    private var kindTable: String {
        guard !byKind.isEmpty else { return "" }
        let others = figures.map(\.name).filter { $0 != scoring.headline }
        let rows = byKind.sorted { $0.key < $1.key }.map { kind, row in
            let values = Dictionary(uniqueKeysWithValues: row.figures.map { ($0.name, $0.value) })
            let headline = values[scoring.headline] ?? 0
            let cells = ([scoring.headline] + others).map { "<td>\(Self.figure(values[$0] ?? 0))</td>" }
            return """
                <tr><th scope="row"><bdi>\(HTML.escaped(kind))</bdi></th><td class="wide-cell"><span class="track">\
                <i style="width:\(HTML.percent(headline / scoring.largestHeadline))"></i></span></td>\(cells.joined())\
                <td>\(row.queries)</td></tr>
                """
        }
        let heads = (others + ["queries"]).map { "<th scope=\"col\">\(HTML.escaped($0))</th>" }
        return """
            <table class="kinds num"><thead><tr><th scope="col">kind</th><th scope="col" colspan="2">\(scoring.headline)</th>\
            \(heads.joined())</tr></thead><tbody>\(rows.joined())</tbody></table>
            """
    }

    /// A bar for every scored query, as high as its average precision.
    private var strip: String {
        let bars = items.enumerated().compactMap { index, item -> String? in
            guard let value = item.averagePrecision else { return nil }
            let name = HTML.escaped(HTML.split(path: item.path).name)
            return """
                <a href="#q\(index)" title="\(name): \(Self.figure(value))" aria-label="\(name), \(scoring.queryFigure) \
                \(Self.figure(value))"><i style="height:\(HTML.percent(max(0.02, value / scoring.largestHeadline)))"></i></a>
                """
        }
        guard !bars.isEmpty else { return "" }
        return """
            <figure class="strip"><figcaption>\(scoring.queryFigure == "AP" ? "Average precision" : scoring.queryFigure) of each query\(items.count < queryCount ? " shown" : "")</figcaption><div>\(bars.joined())</div></figure>
            """
    }

    private var filters: String {
        let kinds = Dictionary(grouping: items.compactMap(\.kind), by: { $0 }).mapValues(\.count).sorted {
            $0.key < $1.key
        }
        let buttons = kinds.map { kind, count in
            """
            <button type="button" class="tool" data-kind="\(HTML.escaped(kind))" aria-pressed="false">\
            <bdi>\(HTML.escaped(kind))</bdi> <span class="num">\(count)</span></button>
            """
        }
        return """
            <div class="filters no-print" role="group" aria-label="Which queries are shown">
            <button type="button" class="tool" id="all" aria-pressed="true">All <span class="num">\(items.count)</span></button>
            \(buttons.joined())
            <button type="button" class="tool" id="imperfect" aria-pressed="false">Only imperfect</button>
            </div>
            """
    }

    private func section(_ index: Int, _ item: Item, _ numbers: [String: Int]) -> String {
        let (folder, name) = HTML.split(path: item.path)
        let found = item.shown.count { $0.verdict == .right }
        let figure = item.averagePrecision.map(Self.figure) ?? "–"
        let kind = item.kind.map { "<span class=\"chip\"><bdi>\(HTML.escaped($0))</bdi></span>" } ?? ""
        let most = 8
        let missed = item.missed.prefix(most).map { Self.picture($0, numbers) }.joined()
        let more = item.missed.count > most ? "<p class=\"folder\">and \(item.missed.count - most) more</p>" : ""
        let missedRow =
            item.missed.isEmpty
            ? "" : "<h3>Missed in the first \(depth)</h3><div class=\"row small\">\(missed)\(more)</div>"
        return """
            <section class="item" id="q\(index)" data-kind="\(HTML.escaped(item.kind ?? ""))" \
            data-perfect="\(item.averagePrecision == scoring.largestHeadline)" aria-label="Query \(HTML.escaped(name))">
            <div class="asked"><div class="photo"><img \(Self.source(item.path, numbers)) alt="Query \(HTML.escaped(name))"/>\
            \(outline(item))</div>
            <div class="ap num"><b>\(figure)</b> \(scoring.queryFigure)</div><div class="name"><bdi>\(HTML.escaped(name))</bdi></div>
            <div class="folder"><bdi>\(HTML.escaped(folder))</bdi></div>
            <p class="folder num">\(found) of \(item.positiveCount) in the first \(depth) \(kind)</p></div>
            <div class="answers"><div class="row">\(item.shown.map { Self.picture($0, numbers) }.joined())</div>\
            \(item.shown.isEmpty ? "<p class=\"empty\">Nothing was retrieved.</p>" : "")\(missedRow)</div>
            </section>
            """
    }

    /// The region over the picture: an SVG of the picture's own size is fitted into the box as the picture is.
    private func outline(_ item: Item) -> String {
        guard let region = item.region, let size = thumbnails[item.path]?.size else { return "" }
        let (width, height) = (Double(size.width), Double(size.height))
        let place = [region.x * width, region.y * height, region.width * width, region.height * height].map {
            String(format: "%.1f", $0)
        }
        return """
            <svg class="outline" viewBox="0 0 \(size.width) \(size.height)" role="img" aria-label="Part searched with">\
            <rect class="halo" x="\(place[0])" y="\(place[1])" width="\(place[2])" height="\(place[3])"/>\
            <rect x="\(place[0])" y="\(place[1])" width="\(place[2])" height="\(place[3])"/></svg>
            """
    }

    private static func picture(_ entry: Entry, _ numbers: [String: Int]) -> String {
        let name = HTML.escaped(HTML.split(path: entry.path).name)
        let (symbol, words) =
            switch entry.verdict {
            case .right: ("✓", "right")
            case .wrong: ("✕", "wrong")
            case .junk: ("∅", "junk")
            case .missed: ("…", "missed")
            }
        let rank = entry.rank.map { "\($0)" } ?? "–"
        let place = entry.rank.map { "rank \($0)" } ?? (entry.verdict == .junk ? "no rank" : "not retrieved")
        return """
            <figure class="hit \(words)" title="\(HTML.escaped(entry.path))"><img \(source(entry.path, numbers)) \
            alt="\(place), \(words): \(name)"/><figcaption><span aria-hidden="true">\(symbol)</span>\
            <span class="num">\(rank)</span><span class="file"><bdi>\(name)</bdi></span></figcaption></figure>
            """
    }

    /// The picture's number for the script; until it ran, one transparent pixel.
    private static func source(_ path: String, _ numbers: [String: Int]) -> String {
        let pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        return "src=\"\(pixel)\"" + (numbers[path].map { " data-picture=\"\($0)\"" } ?? "")
    }

    private static func figure(_ value: Double) -> String { String(format: "%.3f", value) }
}
