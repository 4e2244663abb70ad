import CairnCore
import CairnEvaluation
import Foundation
import Testing

@Suite struct MapPageTests {
    private func places(_ name: String = "tower.jpg") throws -> [MapPlace] {
        [
            try MapPlace(.answer, label: name, latitude: 48.85837, longitude: 2.29448, probability: 0.973),
            try MapPlace(
                .evidence, label: name, latitude: 48.86, longitude: 2.29, imagePath: "/g/" + name,
                thumbnail: try SheetFixture.image(), note: name),
        ]
    }

    @Test("a page without tiles names no address and forbids the network, hostile names and all")
    func offline() throws {
        let name = SheetFixture.hostileName
        let page = MapPage(title: name, map: MapView(places: try places(name), tiles: nil)).render()
        let elements = try PageChecks.expectSound(page)
        #expect(!elements.contains { $0.attributes["id"] == "map-tiles" })
        #expect(elements.contains { $0.name == "bdi" && $0.text.contains("<script>alert(1)") })
    }

    @Test("a page with tiles may load pictures from their server alone, and shows whose they are")
    func tiles() throws {
        let page = MapPage(title: "Where", map: MapView(places: try places())).render()
        let elements = try PageChecks.expectSound(page, imageSource: "https://tile.openstreetmap.org")
        let link = elements.first { $0.attributes["href"] == "https://www.openstreetmap.org/copyright" }
        #expect(link?.text == "© OpenStreetMap contributors")
        // OpenStreetMap refuses pages without a Referer, and a file has none: the script must know.
        let data = try #require(try PageChecks.data(of: page) as? [String: Any])
        let tiles = try #require((data["map"] as? [String: Any])?["tiles"] as? [String: Any])
        #expect(tiles["needsReferrer"] as? Bool == true)
        #expect(tiles["template"] as? String == "https://tile.openstreetmap.org/{z}/{x}/{y}.png")

        let own = try MapTiles(
            template: "http://maps.example:8080/a/{z}/{x}/{y}.png?k=1&m=2",
            attribution: "<b>me</b>")
        let other = MapPage(title: "Where", map: MapView(places: [], tiles: own)).render()
        try PageChecks.expectSound(other, imageSource: "http://maps.example:8080")
        #expect(other.contains("&lt;b&gt;me&lt;/b&gt;"))
        #expect(other.contains("No place is known"))
    }

    @Test(
        "a tile address that is none, or would widen the policy, is refused",
        arguments: [
            "", "tile.example/{z}/{x}/{y}", "ftp://tile.example/{z}/{x}/{y}", "https://{z}.example/{x}/{y}",
            "https://tile.example/{z}/{x}", "https://tile.example/{z}/{x}/{y}/{s}", "https:///{z}/{x}/{y}",
            "https://tile.example; script-src */{z}/{x}/{y}", "https://tile.example'/{z}/{x}/{y}",
            "https://*/{z}/{x}/{y}", "https://user@tile.example/{z}/{x}/{y}", "https://tile.example:x/{z}/{x}/{y}",
            "https://tile.example/\"{z}/{x}/{y}", "https://tile.exämple/{z}/{x}/{y}",
        ])
    func tileAddresses(template: String) {
        let error = #expect(throws: EvaluationError.self) { try MapTiles(template: template, attribution: "") }
        #expect(error?.kind == .invalidArgument)
    }

    @Test("the deepest zoom and the attribution's address are checked too")
    func tileDetails() {
        let template = "https://tile.example/{z}/{x}/{y}.png"
        #expect(throws: EvaluationError.self) { try MapTiles(template: template, attribution: "", maximumZoom: 23) }
        #expect(throws: EvaluationError.self) {
            try MapTiles(template: template, attribution: "", attributionAddress: "javascript:alert(1)")
        }
    }

    @Test("evidence is tied to the answer, and the saved file is the places' GeoJSON")
    func contents() throws {
        let map = MapView(places: try places(), tiles: nil)
        let page = MapPage(title: "Where", map: map).render()
        let data = try #require(try PageChecks.data(of: page) as? [String: Any])
        let content = try #require(data["map"] as? [String: Any])
        #expect(content["connections"] as? [[Int]] == [[1, 0]])
        let listed = try #require(content["places"] as? [[String: Any]])
        #expect(listed[0]["probability"] as? String == "97.3 %")
        #expect(listed[0]["coordinates"] as? String == "48.85837° N, 2.29448° E")
        #expect((listed[1]["picture"] as? String)?.hasPrefix("data:image/jpeg;base64,") == true)
        let link = try #require(try SheetFixture.elements(of: page).first { $0.attributes["download"] != nil })
        let address = try #require(link.attributes["href"])
        let prefix = "data:application/geo+json;base64,"
        #expect(address.hasPrefix(prefix))
        let saved = try #require(Data(base64Encoded: String(address.dropFirst(prefix.count))))
        #expect(String(decoding: saved, as: UTF8.self) == map.geoJSON.text)
    }

    @Test("the embedded coastline has land where there is land and sea where there is sea")
    func coastline() throws {
        let page = MapPage(title: "Where", map: MapView(places: [], tiles: nil)).render()
        let data = try #require(try PageChecks.data(of: page) as? [String: Any])
        let map = try #require(data["map"] as? [String: Any])
        let rings = Self.rings(try #require(map["coast"] as? String), scale: Double(try #require(map["scale"] as? Int)))
        #expect(rings.count > 100)
        for ring in rings {
            for point in ring { #expect(abs(point.x) <= 180 && abs(point.y) <= 90) }
        }
        let land: [(Double, Double)] = [
            (48.85, 2.35), (40, -100), (-25, 134), (66, 100), (-10, -55), (23, 80), (-80, 0), (36, 138), (-42.5, 146.8),
            (52.5, -1.5), (66.5, -175), (72, -40),
        ]
        let sea: [(Double, Double)] = [
            (40, -30), (0, -30), (42, 51), (0, 180), (-50, 90), (36, 18), (43.2, 34), (60, -86), (-40, 160),
        ]
        for (latitude, longitude) in land {
            #expect(Self.isLand(latitude, longitude, rings), "\(latitude), \(longitude)")
        }
        for (latitude, longitude) in sea {
            #expect(!Self.isLand(latitude, longitude, rings), "\(latitude), \(longitude)")
        }
    }

    private static func rings(_ text: String, scale: Double) -> [[(x: Double, y: Double)]] {
        text.split(separator: ",").map { code in
            var numbers: [Int] = []
            var (value, shift) = (0, 0)
            for byte in code.utf8 {
                let bits = Int(byte) - 63
                value |= (bits & 31) << shift
                shift += 5
                guard bits & 32 == 0 else { continue }
                numbers.append(value & 1 == 1 ? -((value + 1) / 2) : value / 2)
                (value, shift) = (0, 0)
            }
            var (x, y) = (0, 0)
            return stride(from: 0, to: numbers.count, by: 2).map { index in
                x += numbers[index]
                y += numbers[index + 1]
                return (Double(x) / scale, Double(y) / scale)
            }
        }
    }

    /// Even-odd rule: crossings of a ray to the east.
    private static func isLand(_ latitude: Double, _ longitude: Double, _ rings: [[(x: Double, y: Double)]]) -> Bool {
        var inside = false
        for ring in rings {
            for (index, a) in ring.enumerated() {
                let b = ring[(index + 1) % ring.count]
                guard (a.y > latitude) != (b.y > latitude) else { continue }
                if longitude < a.x + (latitude - a.y) / (b.y - a.y) * (b.x - a.x) { inside.toggle() }
            }
        }
        return inside
    }
}
