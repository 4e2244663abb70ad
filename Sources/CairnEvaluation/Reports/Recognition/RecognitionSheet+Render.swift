import Foundation

extension RecognitionSheet {
    /// What the page's scripts need: the match view's entries and the map.
    private struct PageData: Encodable {
        let entries: [MatchData.Entry]
        let map: MapData?
    }

    /// The whole page. O(bytes of its pictures).
    public func render() -> String {
        let body = """
            <main class="page">
            <div class="columns">
            \(querySection)
            <div class="found">
            \(verdict)
            \(candidateSection)
            </div>
            </div>
            \(evidenceSection)
            \(nonLandmarkSection)
            \(mapSection)
            </main>
            \(ResultSheet.matchDialog)
            """
        let data = PageData(
            entries: MatchData(matches).entries, map: shownMap.map { MapData($0, fillsPage: false) })
        return SheetPage(
            title: "What is on \(HTML.split(path: query.path).name)",
            style: [ResultSheet.style, Self.style, shownMap == nil ? "" : MapView.style].joined(separator: "\n"),
            body: body, data: HTML.json(data),
            script: ResultSheet.script + (shownMap == nil ? "" : "\n" + MapView.script),
            imageSource: shownMap?.tiles?.origin
        ).render()
    }

    /// A map without places says nothing.
    private var shownMap: MapView? { map.flatMap { $0.places.isEmpty ? nil : $0 } }

    /// Photos that the match view can show.
    private var comparable: [EvidencePhoto] { evidence.filter { $0.thumbnail != nil } }

    /// The evidence as the match view knows it.
    private var matches: ResultSheet {
        let entries = comparable.enumerated().compactMap { index, photo in
            photo.thumbnail.map { thumbnail in
                ResultSheet.Entry(
                    rank: index + 1, path: photo.path, thumbnail: thumbnail, matchImage: photo.matchImage,
                    details: .init(size: thumbnail.size), score: photo.similarity, inliers: photo.inliers,
                    isVerified: photo.isVerified, lines: photo.lines, queryRegion: photo.queryRegion,
                    region: photo.region)
            }
        }
        return ResultSheet(query: query, entries: entries)
    }

    private var querySection: String {
        let (folder, name) = HTML.split(path: query.path)
        return """
            <section class="query" aria-labelledby="query-title">
            <h2 id="query-title">Which landmark is this?</h2>
            <figure>
            <img id="query-image" src="\(query.image.dataURI)" width="\(query.image.size.width)" \
            height="\(query.image.size.height)" alt="The photo asked about, \(HTML.escaped(name))"/>
            <figcaption><div class="name"><bdi>\(HTML.escaped(name))</bdi></div>
            <div class="folder"><bdi>\(HTML.escaped(folder))</bdi></div>
            \(ResultSheet.facts(query.details))</figcaption>
            </figure>
            </section>
            """
    }

    private var verdict: String {
        var facts: [String] = []
        if let gallery {
            facts.append("asked \(HTML.count(gallery.labels, "label")) with \(HTML.count(gallery.images, "photo"))")
        }
        facts += timings.map { "\($0.name) \(HTML.milliseconds($0.value))" }
        let mark = answer.label == nil ? "✕" : "✓"
        return """
            <section class="verdict \(answer.label == nil ? "none" : "some")" aria-label="Answer">
            <h1><span class="mark" aria-hidden="true">\(mark)</span><bdi>\(HTML.escaped(headline))</bdi></h1>
            <p class="lede"><bdi>\(HTML.escaped(explanation))</bdi></p>
            \(probabilityBar)
            <p class="folder num">\(HTML.escaped(facts.joined(separator: " · ")))</p>
            </section>
            """
    }

    private var probabilityBar: String {
        guard let probability = answer.probability ?? answer.candidates.first?.probability else { return "" }
        let words = MapView.percent(probability)
        var limit = ""
        var note = "<p class=\"folder\">No threshold is set: every answer is accepted.</p>"
        if let threshold = answer.threshold {
            limit = "<b style=\"left:\(HTML.percent(threshold))\"></b>"
            let rate = answer.falseAcceptRate.map {
                ", chosen for \(HTML.number(min(1, max(0, $0)) * 100)) % false accepts"
            }
            note = """
                <p class="folder num"><i class="tick" aria-hidden="true"></i>Refused below \
                \(MapView.percent(threshold))\(rate ?? "")</p>
                """
        }
        return """
            <div class="sure"><div class="figure num"><b>\(words)</b> probability</div>
            <div class="bar-track" role="meter" aria-label="Probability" aria-valuemin="0" aria-valuemax="100" \
            aria-valuenow="\(HTML.number(min(1, max(0, probability.isFinite ? probability : 0)) * 100))" \
            aria-valuetext="\(words)"><i style="width:\(HTML.percent(probability))"></i>\(limit)</div>
            \(note)</div>
            """
    }

    private var candidateSection: String {
        guard !answer.candidates.isEmpty else {
            return """
                <p class="empty">No labelled photo came near this one. Label photos with <kbd>cairn label</kbd>, or try one \
                that shows more of the thing itself.</p>
                """
        }
        let rows = answer.candidates.enumerated().map { index, candidate in
            """
            <li class="candidate\(index == 0 ? " first" : "")"><div class="who"><span class="rank-number num">\(index + 1)</span>\
            <span class="name"><bdi>\(HTML.escaped(candidate.label))</bdi></span>\
            <span class="score num">score \(HTML.number(candidate.score))</span>\
            \(candidate.probability.map { "<span class=\"chip num\">\(MapView.percent($0))</span>" } ?? "")</div>
            \(parts(of: candidate))</li>
            """
        }
        return """
            <section aria-labelledby="candidates-title"><h2 id="candidates-title">Candidates and what made their scores</h2>
            <ol class="candidates">\(rows.joined())</ol></section>
            """
    }

    /// Bars from a middle line: what added to the right, what took away to the left.
    private func parts(of candidate: LabelScore) -> String {
        guard !candidate.parts.isEmpty else { return "" }
        let rows = candidate.parts.map { part in
            let peers = answer.candidates.flatMap(\.parts).filter { $0.name == part.name && $0.value.isFinite }
            let largest = peers.map { abs($0.value) }.max() ?? 0
            let share = largest > 0 && part.value.isFinite ? abs(part.value) / largest / 2 : 0
            let sign = part.value < 0 ? "minus" : "plus"
            let figure = part.value < 0 ? "−" + HTML.number(-part.value) : HTML.number(part.value)
            return """
                <dt>\(HTML.escaped(part.name))</dt><dd><span class="both"><i class="\(sign)" style="width:\
                \(HTML.percent(share))"></i></span><span class="num">\(figure)</span></dd>
                """
        }
        return "<dl class=\"parts\">\(rows.joined())</dl>"
    }

    private var evidenceSection: String {
        guard !evidence.isEmpty else { return "" }
        var number = -1
        let cards = evidence.map { photo in
            if photo.thumbnail != nil { number += 1 }
            return card(photo, number: number)
        }
        return """
            <section class="block" aria-labelledby="evidence-title"><h2 id="evidence-title">Evidence</h2>
            <ol class="grid">\(cards.joined())</ol></section>
            """
    }

    private func card(_ photo: EvidencePhoto, number: Int) -> String {
        let (folder, name) = HTML.split(path: photo.path)
        let words = photo.inliers.map { HTML.count($0, "inlier") }
        let badge =
            photo.isVerified
            ? "<span class=\"chip good\"><span aria-hidden=\"true\">✓</span>\(words ?? "verified")</span>"
            : "<span class=\"chip\">\(words ?? "not verified")</span>"
        let speaksForAnswer = answer.label.map { $0 == photo.label } ?? true
        let label =
            "<div class=\"label\(speaksForAnswer ? "" : " other")\"><bdi>\(HTML.escaped(photo.label))</bdi></div>"
        let part = photo.contribution.map { "<span class=\"score num\">adds \(HTML.number($0))</span>" } ?? ""
        let picture = photo.thumbnail.map { thumbnail in
            """
            <button type="button" class="open" data-entry="\(number)" aria-haspopup="dialog" \
            aria-label="Compare the query with \(HTML.escaped(name))"><img src="\(thumbnail.dataURI)" \
            width="\(thumbnail.size.width)" height="\(thumbnail.size.height)" alt="\(HTML.escaped(name))"/>\
            <span class="rank num" aria-hidden="true">\(number + 1)</span>\
            <span class="hint" aria-hidden="true">Compare</span></button>
            """
        }
        return """
            <li class="card\(photo.isVerified ? " verified" : "")">\(picture ?? Self.noPicture)
            <div class="text">\(label)<div class="line">\(badge)<span class="score num">similarity \
            \(HTML.number(photo.similarity))</span></div>\(part)
            <div class="folder clamped" title="\(HTML.escaped(name))"><bdi>\(HTML.escaped(name))</bdi></div>
            <div class="folder clamped" title="\(HTML.escaped(folder))"><bdi>\(HTML.escaped(folder))</bdi></div></div></li>
            """
    }

    private static let noPicture = "<div class=\"gone\">picture not readable</div>"

    private var nonLandmarkSection: String {
        guard !nonLandmarks.isEmpty else { return "" }
        let cards = nonLandmarks.map { photo in
            let name = HTML.escaped(HTML.split(path: photo.path).name)
            let picture = photo.thumbnail.map {
                "<img src=\"\($0.dataURI)\" width=\"\($0.size.width)\" height=\"\($0.size.height)\" alt=\"\(name)\"/>"
            }
            return """
                <li title="\(HTML.escaped(photo.path))">\(picture ?? Self.noPicture)<div class="score num">similarity \
                \(HTML.number(photo.similarity))</div><div class="folder clamped"><bdi>\(name)</bdi></div></li>
                """
        }
        return """
            <section class="block" aria-labelledby="against-title"><h2 id="against-title">Nearest non-landmarks</h2>
            <p class="lede">Photos of no landmark that look like the query, or like the evidence: they lowered the scores.</p>
            <ol class="against">\(cards.joined())</ol></section>
            """
    }

    private var mapSection: String {
        guard let map = shownMap else { return "" }
        return """
            <section class="block" aria-labelledby="map-title"><h2 id="map-title">Where it is</h2>
            \(map.element(fillsPage: false))
            <div class="under">\(map.legend)\(map.download(named: "recognized.geojson"))</div></section>
            """
    }
}
