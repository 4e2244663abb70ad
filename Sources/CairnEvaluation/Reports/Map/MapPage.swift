import Foundation

/// Places as one HTML file: a map that fills the window, and the places as a list.
///
/// The file needs nothing else. With tiles it asks their server, and nobody else, for pictures; without, its own policy
/// forbids it the network.
public struct MapPage: Sendable {
    /// The page's title.
    public var title: String
    /// The map.
    public var map: MapView

    /// Makes a page.
    public init(title: String, map: MapView) {
        self.title = title
        self.map = map
    }

    private struct PageData: Encodable { let map: MapData }

    /// Places in the list, at most; the map has all of them.
    private static let listLimit = 1000

    /// The whole page. O(places + bytes of their pictures).
    public func render() -> String {
        let listed = map.places.prefix(Self.listLimit)
        let rest = map.places.count - listed.count
        let more = rest > 0 ? "<p class=\"folder\">and \(rest) more on the map</p>" : ""
        let body = """
            <main class="atlas">
            \(map.element(fillsPage: true))
            <section class="list" aria-labelledby="list-title">
            <div class="head"><h1 id="list-title"><bdi>\(HTML.escaped(title))</bdi></h1>\
            <p class="lede num">\(HTML.count(map.places.count, "place"))</p>\(map.legend)
            \(map.download(named: "places.geojson"))</div>
            <ol>\(listed.enumerated().map { item($0, $1) }.joined(separator: "\n"))</ol>\(more)
            \(map.places.isEmpty ? "<p class=\"empty\">No place is known for any of these photos.</p>" : "")
            </section>
            </main>
            """
        return SheetPage(
            title: title, style: Self.style + "\n" + MapView.style, body: body,
            data: HTML.json(PageData(map: MapData(map, fillsPage: true))), script: MapView.script,
            imageSource: map.tiles?.origin
        ).render()
    }

    private func item(_ index: Int, _ place: MapPlace) -> String {
        let facts = [place.role.words, place.probability.map(MapView.percent), place.note].compactMap { $0 }
        let name = place.imagePath.map { HTML.split(path: $0).name }
        return """
            <li><button type="button" data-spot="\(index)"><i class="pin \(place.role.rawValue)" aria-hidden="true"></i>\
            <span><span class="name"><bdi>\(HTML.escaped(place.label))</bdi></span>\
            <span class="folder num"><bdi>\(HTML.escaped(facts.joined(separator: " · ")))</bdi></span>\
            \(name.map { "<span class=\"folder\"><bdi>\(HTML.escaped($0))</bdi></span>" } ?? "")\
            <span class="folder num">\(MapView.coordinates(place.position))</span></span></button></li>
            """
    }

    private static let style = """
        html, body { height: 100%; }
        body { display: flex; flex-direction: column; }
        .atlas { flex: 1; min-height: 0; display: grid; grid-template-columns: minmax(0, 1fr) 320px; }
        .atlas .map { height: 100%; border: 0; border-radius: 0; }
        .list { overflow: auto; border-left: 1px solid var(--rule); background: var(--surface); }
        .list .head { padding: 18px; display: grid; gap: 10px; justify-items: start; border-bottom: 1px solid var(--rule); }
        .list h1 { font-size: 20px; overflow-wrap: anywhere; }
        .list .lede { margin: 0; }
        .list ol { list-style: none; margin: 0; padding: 8px; }
        .list li button { display: flex; gap: 12px; align-items: flex-start; width: 100%; padding: 8px 10px; border: 0;
          border-radius: 10px; background: none; text-align: left; cursor: pointer; }
        .list li button:hover { background: var(--sunken); }
        .list li .pin { flex: none; margin-top: 4px; }
        .list li button > span { display: grid; min-width: 0; }
        .list > .folder, .empty { padding: 8px 18px; }
        @media (max-width: 760px) { html, body { height: auto; } .atlas { grid-template-columns: minmax(0, 1fr); }
          .atlas .map { height: 68vh; height: 68dvh; } .list { border-left: 0; border-top: 1px solid var(--rule); } }
        @media print { html, body { height: auto; } .atlas { display: block; } .atlas .map { height: 420px; } }
        """
}
