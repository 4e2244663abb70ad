import Foundation

extension CleaningSheet {
    /// The whole page. O(shown photos + bytes of their pictures).
    public func render() -> String {
        let paths = thumbnails.keys.sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(paths, 0...))
        let body = """
            <main class="page">
            <div class="top"><h1>\(HTML.escaped(headline))</h1><p class="lede"><bdi>\(HTML.escaped(method))</bdi></p></div>
            \(tiles)
            \(balance)
            \(filters)
            <noscript><p class="lede">Pictures and filters need JavaScript; names, figures and reasons do not.</p></noscript>
            <div id="labels">\(labels.map { section($0, numbers) }.joined(separator: "\n"))</div>
            <p class="empty" id="none" hidden="hidden">No label fits the filter.</p>
            </main>
            <footer><p>\(HTML.escaped(omissions))</p></footer>
            """
        return SheetPage(
            title: title, style: Self.style, body: body,
            data: HTML.json(paths.map { thumbnails[$0]?.dataURI ?? "" }), script: Self.script
        ).render()
    }

    /// The outcome in words.
    var headline: String {
        guard photoCount > 0 else { return "Nothing to clean" }
        let touched = labels.count { !$0.isUntouched }
        return "\(touched) of \(HTML.count(labels.count, "label")) changed; "
            + "\(HTML.count(count(.dropped), "photo")) dropped"
    }

    /// What the page leaves out, in words.
    var omissions: String {
        let shown = labels.reduce(0) { total, label in
            let groups = label.clusters.map(\.photos) + [label.recovered, label.dropped]
            return total + groups.reduce(0) { $0 + min($1.count, limits.perGroup) }
        }
        let pictured = labels.reduce(0) { total, label in
            let groups = label.clusters.map(\.photos) + [label.recovered, label.dropped]
            return total + groups.reduce(0) { $0 + $1.prefix(limits.perGroup).count { thumbnails[$0.path] != nil } }
        }
        let hidden = photoCount - shown
        var text = "\(pictured) of \(HTML.count(photoCount, "photo")) with pictures"
        if shown > pictured { text += ", \(shown - pictured) by name alone" }
        return text + (hidden > 0 ? ", \(hidden) not shown." : ".")
    }

    private var tiles: String {
        let share = photoCount > 0 ? Double(count(.dropped)) / Double(photoCount) : 0
        let gone = labels.count { $0.clusters.isEmpty && $0.recovered.isEmpty }
        let values = [
            ("photos", "\(photoCount)"), ("classes before", "\(labels.count)"), ("classes after", "\(classCount)"),
            ("labels split", "\(labels.count { $0.clusters.count > 1 })"), ("labels gone", "\(gone)"),
            ("dropped", String(format: "%.1f %%", share * 100)),
        ]
        let cells = values.map { "<div><dt>\($0)</dt><dd class=\"num\">\($1)</dd></div>" }
        return "<dl class=\"tiles\">\(cells.joined())</dl>"
    }

    /// One bar of all photos, by what became of them.
    private var balance: String {
        guard photoCount > 0 else { return "" }
        let bars = Outcome.allCases.map { outcome in
            let share = Double(count(outcome)) / Double(photoCount)
            return "<i class=\"\(outcome.rawValue)\" style=\"width:\(String(format: "%.3f%%", share * 100))\"></i>"
        }
        let keys = Outcome.allCases.map { outcome in
            "<li><i class=\"\(outcome.rawValue)\" aria-hidden=\"true\"></i>\(outcome.words) <b>\(count(outcome))</b></li>"
        }
        return """
            <div class="balance num"><div class="whole-bar" aria-hidden="true">\(bars.joined())</div>\
            <ul>\(keys.joined())</ul></div>
            """
    }

    private var filters: String {
        let choices: [(String, String, (Label) -> Bool)] = [
            ("split", "Split", { $0.clusters.count > 1 }), ("recovered", "Recovered", { !$0.recovered.isEmpty }),
            ("dropped", "Dropped", { !$0.dropped.isEmpty }),
            ("gone", "Gone", { $0.clusters.isEmpty && $0.recovered.isEmpty }),
            ("untouched", "Unchanged", { $0.isUntouched }),
        ]
        let buttons = choices.map { name, words, fits in
            """
            <button type="button" class="tool" data-show="\(name)" aria-pressed="false">\(words) \
            <span class="num">\(labels.count(where: fits))</span></button>
            """
        }
        return """
            <div class="filters no-print" role="group" aria-label="Which labels are shown">
            <button type="button" class="tool" id="all" aria-pressed="true">All <span class="num">\(labels.count)</span></button>
            \(buttons.joined())
            <input type="search" id="find" placeholder="Find a label" aria-label="Find a label by name"/>
            </div>
            """
    }

    private func section(_ label: Label, _ numbers: [String: Int]) -> String {
        var kinds: [String] = []
        if label.clusters.count > 1 { kinds.append("split") }
        if !label.recovered.isEmpty { kinds.append("recovered") }
        if !label.dropped.isEmpty { kinds.append("dropped") }
        if label.clusters.isEmpty && label.recovered.isEmpty { kinds.append("gone") }
        if label.isUntouched { kinds.append("untouched") }
        let chips = Outcome.allCases.filter { label.count($0) > 0 }.map {
            "<span class=\"chip \($0.rawValue)\">\(label.count($0)) \($0.words.lowercased())</span>"
        }
        let outcome: Outcome = label.clusters.count > 1 ? .split : .kept
        let clusters = label.clusters.map { group($0.photos, outcome, title: $0.newClass, numbers) }
        return """
            <section class="label" data-kinds="\(kinds.joined(separator: " "))" aria-label="Label \(HTML.escaped(label.name))">
            <header><h2 class="name"><bdi>\(HTML.escaped(label.name))</bdi></h2><span class="folder num">\
            \(HTML.count(label.photoCount, "photo"))</span><span class="chips num">\(chips.joined())</span></header>
            <div class="groups\(clusters.count > 1 ? " beside" : "")">\(clusters.joined())</div>
            \(label.recovered.isEmpty ? "" : group(label.recovered, .recovered, title: nil, numbers))
            \(label.dropped.isEmpty ? "" : group(label.dropped, .dropped, title: nil, numbers))
            </section>
            """
    }

    private func group(_ photos: [Photo], _ outcome: Outcome, title: String?, _ numbers: [String: Int]) -> String {
        let shown = photos.prefix(limits.perGroup).map { picture($0, outcome, numbers) }
        let rest = photos.count - shown.count
        let more = rest > 0 ? "<p class=\"more folder num\">+ \(rest) not shown</p>" : ""
        let heading =
            title.map { "<span class=\"to\">class <b><bdi>\(HTML.escaped($0))</bdi></b></span>" }
            ?? "<span class=\"to\"><b>\(outcome.words)</b></span>"
        return """
            <div class="group \(outcome.rawValue)"><h3><span class="mark" aria-hidden="true">\(outcome.mark)</span>\(heading)\
            <span class="num">\(photos.count)</span></h3><div class="photos">\(shown.joined())\(more)</div></div>
            """
    }

    private func picture(_ photo: Photo, _ outcome: Outcome, _ numbers: [String: Int]) -> String {
        let name = HTML.escaped(HTML.split(path: photo.path).name)
        // Until the script fills it in, and without a number for good, one transparent pixel.
        let pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        let image =
            numbers[photo.path].map {
                "<img src=\"\(pixel)\" data-picture=\"\($0)\" alt=\"\(outcome.words): \(name)\"/>"
            } ?? ""
        let reason =
            photo.reason.isEmpty ? "" : "<span class=\"why\"><bdi>\(HTML.escaped(photo.reason))</bdi></span>"
        let target = photo.newClass.map { "<span class=\"why\">→ <bdi>\(HTML.escaped($0))</bdi></span>" } ?? ""
        return """
            <figure title="\(HTML.escaped(photo.path))">\(image)<figcaption><span class="file"><bdi>\(name)</bdi></span>\
            \(reason)\(target)</figcaption></figure>
            """
    }
}

extension CleaningSheet.Outcome {
    fileprivate var words: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    fileprivate var mark: String {
        switch self {
        case .kept: "✓"
        case .split: "÷"
        case .recovered: "↺"
        case .dropped: "✕"
        }
    }
}
