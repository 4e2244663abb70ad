import Foundation

extension DuplicatesSheet {
    /// What the script needs: every group's paths and sizes, so that the list holds groups that are not shown too.
    private struct PageData: Encodable {
        struct Group: Encodable {
            let paths: [String]
            let bytes: [Int]
            let keep: Int
        }

        let groups: [Group]
        let pictures: [String]
    }

    /// The whole page. O(photos + bytes of the shown pictures).
    public func render() -> String {
        let shown = groups.prefix(groupLimit)
        var pictures: [String] = []
        let sections = shown.enumerated().map { section($0, $1, &pictures) }
        let hidden = groups.count - shown.count
        let body = """
            <main class="page">
            <div class="top"><div><h1>\(HTML.escaped(headline))</h1><p class="lede num"><bdi>\(HTML.escaped(lede))</bdi></p></div>
            \(groups.isEmpty ? "" : Self.actions)</div>
            <noscript><p class="lede">Pictures and the list of paths need JavaScript; the suggestions do not.</p></noscript>
            \(groups.isEmpty ? Self.nothingFound : "")
            <div id="groups">\(sections.joined(separator: "\n"))</div>
            \(hidden > 0 ? "<p class=\"empty\">\(HTML.count(hidden, "more group")) not shown; their paths are in the list.</p>" : "")
            </main>
            \(Self.listDialog)
            <footer>This page deletes nothing. Look through the list before giving it to a tool that does.</footer>
            """
        let data = PageData(
            groups: groups.map { group in
                .init(
                    paths: group.photos.map(\.path), bytes: group.photos.map { max(0, $0.bytes ?? 0) }, keep: group.keep
                )
            }, pictures: pictures)
        return SheetPage(
            title: "Duplicates", style: Self.style, body: body, data: Self.plain(HTML.json(data)), script: Self.script
        ).render()
    }

    /// JSON with escapes for what `HTML.visible` would replace: here the script needs the path itself.
    private static func plain(_ json: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            let isPlain = HTML.visible(String(scalar)).unicodeScalars.elementsEqual([scalar])
            result.append(
                contentsOf: isPlain ? [scalar] : Array(String(format: "\\u%04x", scalar.value).unicodeScalars))
        }
        return String(result)
    }

    private var lede: String {
        var parts: [String] = []
        if sparedBytes > 0 { parts.append("\(Self.bytes(sparedBytes)) to gain") }
        if let collectionSize { parts.append("compared \(HTML.count(collectionSize, "photo"))") }
        if !method.isEmpty { parts.append(method) }
        return parts.joined(separator: " · ")
    }

    private func section(_ index: Int, _ group: Group, _ pictures: inout [String]) -> String {
        let cards = group.photos.indices.map { photo in
            var picture: Int?
            if let thumbnail = group.photos[photo].thumbnail {
                picture = pictures.count
                pictures.append(thumbnail.dataURI)
            }
            return card(group, index, photo, picture)
        }
        let kept = HTML.split(path: group.photos[group.keep].path).name
        let exact = group.photos.count { $0.isExactCopy }
        let note = exact > 0 ? "<span class=\"chip\">\(exact) exact \(exact == 1 ? "copy" : "copies")</span>" : ""
        return """
            <section class="group" data-group="\(index)" aria-label="Group \(index + 1)">
            <header><h2>Group \(index + 1)</h2><p>Keep <b><bdi>\(HTML.escaped(kept))</bdi></b>\
            \(group.reason.isEmpty ? "" : ": <bdi>\(HTML.escaped(group.reason))</bdi>")</p>\(note)\
            <span class="says num" aria-live="polite"></span>\
            <button type="button" class="tool no-print copy">Copy paths</button></header>
            <ol class="photos">\(cards.joined())</ol></section>
            """
    }

    private func card(_ group: Group, _ index: Int, _ number: Int, _ picture: Int?) -> String {
        let photo = group.photos[number], isKept = number == group.keep
        let (folder, name) = HTML.split(path: photo.path)
        let best = group.photos.compactMap { $0.size }.map { $0.width * $0.height }.max()
        var facts: [String] = []
        if let size = photo.size {
            let note = size.width * size.height == best && group.photos.contains { $0.size != size } ? " (largest)" : ""
            facts.append("\(size.width) × \(size.height)\(note)")
        }
        if let bytes = photo.bytes { facts.append(Self.bytes(bytes)) }
        if let captured = photo.captured { facts.append(captured) }
        var likeness: [String] = []
        if let similarity = photo.similarity { likeness.append("similarity \(HTML.number(similarity))") }
        if let inliers = photo.inliers { likeness.append(HTML.count(inliers, "inlier")) }
        // Until the script fills it in, one transparent pixel.
        let pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        let image =
            picture.map { "<img src=\"\(pixel)\" data-picture=\"\($0)\" alt=\"\(HTML.escaped(name))\"/>" }
            ?? "<div class=\"gone\">picture not readable</div>"
        return """
            <li class="card\(isKept ? " kept" : "")">\(image)<div class="text">
            <label class="keep no-print"><input type="checkbox" data-photo="\(number)"\(isKept ? " checked=\"checked\"" : "") \
            aria-label="Keep \(HTML.escaped(name))"/><span>Keep</span></label>\
            \(isKept ? "<span class=\"chip good\">suggested</span>" : "")\
            \(photo.isExactCopy ? "<span class=\"chip\">exact copy</span>" : "")
            <div class="name clamped" title="\(HTML.escaped(name))"><bdi>\(HTML.escaped(name))</bdi></div>
            <div class="folder"><bdi>\(HTML.escaped(folder))</bdi></div>
            <ul class="facts num">\(facts.map { "<li>\(HTML.escaped($0))</li>" }.joined())</ul>
            \(likeness.isEmpty ? "" : "<div class=\"like num\">\(likeness.joined(separator: " · "))</div>")
            </div></li>
            """
    }

    private static let actions = """
        <div class="actions no-print"><button type="button" class="tool main" id="copy-all">Copy all paths</button>\
        <button type="button" class="tool" id="show-list" aria-haspopup="dialog">Show list</button>\
        <button type="button" class="tool" id="reset">Back to suggestions</button>\
        <span class="says num" id="total" aria-live="polite"></span></div>
        """

    private static let nothingFound = """
        <p class="empty">No two photos are alike. Lower the similarity that <kbd>cairn duplicates</kbd> asks for, to see photos \
        that are less so.</p>
        """

    private static let listDialog = """
        <dialog id="list" aria-labelledby="list-title"><header><h2 id="list-title">Paths that would go</h2>\
        <button type="button" class="tool" id="close" aria-label="Close"><span aria-hidden="true">✕</span></button></header>
        <p class="folder num" id="list-note"></p>
        <textarea id="paths" readonly="readonly" spellcheck="false" wrap="off" aria-labelledby="list-title"></textarea></dialog>
        """
}
