/// What the map's script needs.
struct MapData: Encodable {
    struct Place: Encodable {
        let role: String
        let words: String
        let label: String
        let latitude: Double
        let longitude: Double
        let coordinates: String
        let name: String?
        let folder: String?
        let probability: String?
        let note: String?
        let picture: String?
    }

    struct Tiles: Encodable {
        let template: String
        let maximumZoom: Int
        let needsReferrer: Bool
    }

    let places: [Place]
    /// Pairs of places with a line between them.
    let connections: [[Int]]
    let tiles: Tiles?
    let coast: String
    let scale: Int
    let fillsPage: Bool

    init(_ map: MapView, fillsPage: Bool) {
        places = map.places.map { place in
            let (folder, name) = HTML.split(path: place.imagePath ?? "")
            return Place(
                role: place.role.rawValue, words: place.role.words, label: HTML.visible(place.label),
                latitude: place.position.latitude, longitude: place.position.longitude,
                coordinates: MapView.coordinates(place.position),
                name: place.imagePath == nil ? nil : HTML.visible(name),
                folder: folder.isEmpty ? nil : HTML.visible(folder),
                probability: place.probability.map(MapView.percent),
                note: place.note.map(HTML.visible), picture: place.thumbnail?.dataURI)
        }
        let answer = map.connectsEvidence ? map.places.firstIndex { $0.role == .answer } : nil
        connections =
            answer.map { end in
                map.places.indices.filter { map.places[$0].role == .evidence }.map { [$0, end] }
            } ?? []
        tiles = map.tiles.map {
            Tiles(template: $0.template, maximumZoom: $0.maximumZoom, needsReferrer: $0.needsReferrer)
        }
        coast = String(WorldCoastline.rings.filter { !$0.isWhitespace })
        scale = WorldCoastline.scale
        self.fillsPage = fillsPage
    }
}
