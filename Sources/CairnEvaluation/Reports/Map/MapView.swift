import Foundation

/// A map inside a page: land and graticule of its own, tiles over them where there is a network, markers over those.
///
/// Web Mercator (EPSG:3857), so latitudes end at 85.05°. Markers that would cover each other are drawn as one with a number.
/// At zooms where the embedded coastline (1:110,000,000) would mislead, only the graticule is drawn.
public struct MapView: Sendable {
    /// What is marked.
    public var places: [MapPlace]
    /// Where tiles come from; `nil` for a page that never uses the network.
    public var tiles: MapTiles?
    /// Whether a line leads from every piece of evidence to the answer.
    public var connectsEvidence: Bool

    /// Makes a map.
    public init(places: [MapPlace], tiles: MapTiles? = .openStreetMap, connectsEvidence: Bool = true) {
        self.places = places
        self.tiles = tiles
        self.connectsEvidence = connectsEvidence
    }

    /// The places as a file for other tools.
    public var geoJSON: GeoJSON { GeoJSON(places: places, connectsEvidence: connectsEvidence) }

    /// The map's element. `fillsPage`: the wheel zooms and one finger pans at once; otherwise both are the page's own until
    /// the map has the focus.
    func element(fillsPage: Bool) -> String {
        let switcher =
            tiles == nil
            ? ""
            : """
            <button type="button" class="tool" id="map-tiles" aria-pressed="true" \
            title="Pictures of the map from the network">Tiles</button>
            """
        return """
            <div class="map\(fillsPage ? " whole" : "")" id="map" tabindex="0" role="group" aria-label="Map with \
            \(HTML.count(places.count, "place")); arrow keys move it, plus and minus zoom, 0 shows everything">
            <canvas id="map-ground" aria-hidden="true"></canvas><div id="map-pictures" aria-hidden="true"></div>\
            <canvas id="map-lines" aria-hidden="true"></canvas><div id="map-pins"></div>
            <div class="map-popup" id="map-popup" role="dialog" aria-label="Place" hidden="hidden"></div>
            <div class="map-tools no-print"><button type="button" class="tool" id="map-in" aria-label="Zoom in">\
            <span aria-hidden="true">+</span></button><button type="button" class="tool" id="map-out" \
            aria-label="Zoom out"><span aria-hidden="true">−</span></button><button type="button" class="tool" id="map-fit" \
            aria-label="Show every place"><span aria-hidden="true">⤢</span></button>\(switcher)</div>
            <div class="map-scale num" aria-hidden="true"><i id="map-bar"></i><span id="map-length"></span></div>
            <div class="map-credit">\(credit)</div>
            <noscript><p class="map-quiet">The map needs JavaScript; the places are listed beside it.</p></noscript>
            </div>
            """
    }

    /// Which roles there are, with their marks.
    var legend: String {
        let roles = MapPlace.Role.allCases.filter { role in places.contains { $0.role == role } }
        let items = roles.map { role in
            """
            <li><i class="pin \(role.rawValue)" aria-hidden="true"></i>\(role.words) <span class="num">\
            \(places.count { $0.role == role })</span></li>
            """
        }
        return "<ul class=\"map-legend\">\(items.joined())</ul>"
    }

    /// A link that saves the places as a file; its content is in the page.
    func download(named name: String) -> String {
        let content = Data(geoJSON.text.utf8).base64EncodedString()
        return """
            <a class="tool no-print" download="\(HTML.escaped(name))" \
            href="data:application/geo+json;base64,\(content)">Save GeoJSON</a>
            """
    }

    private var credit: String {
        let ground = "Coastline: Natural Earth"
        guard let tiles else { return "<span>\(ground)</span>" }
        let text = HTML.escaped(tiles.attribution)
        let link =
            tiles.attributionAddress.map {
                "<a href=\"\(HTML.escaped($0))\" rel=\"noopener noreferrer\" target=\"_blank\">\(text)</a>"
            } ?? text
        return """
            <span id="map-why" hidden="hidden">Tiles need a page from a web server</span>\
            <span id="map-credit-tiles">\(link)</span><span>\(ground)</span>
            """
    }

    /// "48.85837° N, 2.29448° E".
    static func coordinates(_ position: GeoJSON.Position) -> String {
        let north = String(format: "%.5f° %@", abs(position.latitude), position.latitude < 0 ? "S" : "N")
        let east = String(format: "%.5f° %@", abs(position.longitude), position.longitude < 0 ? "W" : "E")
        return "\(north), \(east)"
    }

    /// A probability in words: "87.3 %".
    static func percent(_ probability: Double) -> String {
        guard probability.isFinite else { return "– %" }
        return String(format: "%.1f %%", min(1, max(0, probability)) * 100)
    }
}
