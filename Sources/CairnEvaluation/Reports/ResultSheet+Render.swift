import CairnCore
import Foundation

extension ResultSheet {
    /// The whole page. O(bytes of its pictures).
    public func render() -> String {
        let body = """
            <main class="page">
            <div class="top"><h1>\(HTML.escaped(headline))</h1>\(lede)</div>
            <div class="columns">
            \(querySection)
            <section aria-labelledby="results-title">
            <h2 id="results-title">Results</h2>
            \(entries.isEmpty ? Self.nothingFound : "<ol class=\"grid\">\(entries.enumerated().map(card).joined())</ol>")
            </section>
            </div>
            </main>
            \(Self.matchDialog)
            """
        return SheetPage(
            title: "Search result for \(HTML.split(path: query.path).name)", style: Self.style, body: body,
            data: HTML.json(MatchData(self)), script: Self.script
        ).render()
    }

    private var lede: String {
        var parts: [String] = []
        if let collectionSize { parts.append("searched \(HTML.count(collectionSize, "image"))") }
        parts += timings.map { "\($0.name) \(HTML.milliseconds($0.value))" }
        return parts.isEmpty ? "" : "<p class=\"lede num\">\(HTML.escaped(parts.joined(separator: " · ")))</p>"
    }

    private var querySection: String {
        let (folder, name) = HTML.split(path: query.path)
        return """
            <section class="query" aria-labelledby="query-title">
            <h2 id="query-title">Query</h2>
            <figure>
            <img id="query-image" src="\(query.image.dataURI)" width="\(query.image.size.width)" \
            height="\(query.image.size.height)" alt="The query, \(HTML.escaped(name))"/>
            <figcaption><div class="name"><bdi>\(HTML.escaped(name))</bdi></div>
            <div class="folder"><bdi>\(HTML.escaped(folder))</bdi></div>
            \(Self.facts(query.details))</figcaption>
            </figure>
            </section>
            """
    }

    private func card(index: Int, entry: Entry) -> String {
        let (folder, name) = HTML.split(path: entry.path)
        let badge: String
        switch (entry.isVerified, entry.inliers) {
        case (true, let inliers):
            let words = inliers.map { HTML.count($0, "inlier") } ?? "verified"
            badge = "<span class=\"chip good\"><span aria-hidden=\"true\">✓</span>\(words)</span>"
        case (false, let inliers?): badge = "<span class=\"chip\">\(HTML.count(inliers, "inlier"))</span>"
        case (false, nil): badge = "<span class=\"chip\">not verified</span>"
        }
        return """
            <li class="card\(entry.isVerified ? " verified" : "")">
            <button type="button" class="open" data-entry="\(index)" aria-haspopup="dialog" \
            aria-label="Compare the query with result \(entry.rank), \(HTML.escaped(name))">
            <img src="\(entry.thumbnail.dataURI)" width="\(entry.thumbnail.size.width)" \
            height="\(entry.thumbnail.size.height)" alt="Result \(entry.rank), \(HTML.escaped(name))"/>
            <span class="rank num" aria-hidden="true">\(entry.rank)</span>
            <span class="hint" aria-hidden="true">Compare</span></button>
            <div class="text">
            <div class="line">\(badge)<span class="score num">score \(HTML.number(entry.score))</span></div>
            <div class="name clamped" title="\(HTML.escaped(name))"><bdi>\(HTML.escaped(name))</bdi></div>
            <div class="folder clamped" title="\(HTML.escaped(folder))"><bdi>\(HTML.escaped(folder))</bdi></div>
            \(Self.facts(entry.details))
            \(bars(entry))
            </div>
            </li>
            """
    }

    /// Bars of an entry's stages, each relative to the best result of that stage.
    private func bars(_ entry: Entry) -> String {
        guard !entry.stages.isEmpty else { return "" }
        let rows = entry.stages.map { stage in
            let best =
                entries.flatMap(\.stages).filter { $0.name == stage.name && $0.value.isFinite }.map(\.value).max() ?? 0
            let share = best > 0 ? stage.value / best : 0
            return """
                <dt>\(HTML.escaped(stage.name))</dt><dd><span class="track"><i style="width:\(HTML.percent(share))"></i></span>\
                <span class="num">\(HTML.number(stage.value))</span></dd>
                """
        }
        return "<dl class=\"stages\">\(rows.joined())</dl>"
    }

    static func facts(_ details: Details) -> String {
        var parts = ["\(details.size.width) × \(details.size.height)"]
        if let captured = details.captured { parts.append(captured) }
        if let latitude = details.latitude, let longitude = details.longitude, latitude.isFinite, longitude.isFinite {
            let north = String(format: "%.5f° %@", abs(latitude), latitude < 0 ? "S" : "N")
            let east = String(format: "%.5f° %@", abs(longitude), longitude < 0 ? "W" : "E")
            parts.append("\(north), \(east)")
        }
        return "<ul class=\"facts num\">\(parts.map { "<li>\(HTML.escaped($0))</li>" }.joined())</ul>"
    }

    private static let nothingFound = """
        <p class="empty">No image of the collection came near this one. Add photos with <kbd>cairn index</kbd>, or try a \
        photo that shows more of the thing itself.</p>
        """

    static let matchDialog = """
        <dialog id="match" aria-labelledby="match-title">
        <div class="match-bar">
        <button type="button" class="tool" id="previous" aria-label="Previous result"><span aria-hidden="true">←</span></button>
        <button type="button" class="tool" id="next" aria-label="Next result"><span aria-hidden="true">→</span></button>
        <div class="match-title"><div class="name" id="match-title"></div><div class="folder num" id="match-facts"></div></div>
        <div class="toggles" role="group" aria-label="What is drawn">
        <button type="button" class="tool" data-layer="lines" aria-pressed="true">Lines</button>
        <button type="button" class="tool" data-layer="points" aria-pressed="true">Points</button>
        <button type="button" class="tool" data-layer="region" aria-pressed="true">Region</button>
        </div>
        <button type="button" class="tool" id="close" aria-label="Close"><span aria-hidden="true">✕</span></button>
        </div>
        <div class="stage" id="stage"><svg id="canvas" role="img"></svg></div>
        <div class="match-foot"><span id="said" aria-live="polite"></span>\
        <span class="keys"><kbd>←</kbd> <kbd>→</kbd> results &#160; <kbd>↑</kbd> <kbd>↓</kbd> lines &#160; \
        <kbd>L</kbd> <kbd>P</kbd> <kbd>R</kbd> layers &#160; <kbd>Esc</kbd> close</span></div>
        </dialog>
        """
}
