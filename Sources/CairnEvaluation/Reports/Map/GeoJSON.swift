/// Places as a feature collection of RFC 7946, which QGIS, geojson.io and GitHub open.
///
/// Positions are longitude before latitude, WGS 84. Points carry their role, label, probability and image, and the colour that
/// simplestyle-spec 1.1 names, so that a viewer tells roles apart without being told.
public struct GeoJSON: Hashable, Sendable, Codable {
    /// A position in degrees.
    public struct Position: Hashable, Sendable {
        /// Degrees east, -180...180.
        public let longitude: Double
        /// Degrees north, -90...90.
        public let latitude: Double

        /// Makes a position. Throws `EvaluationError.invalidInput` when it is not on the Earth or no number.
        public init(latitude: Double, longitude: Double) throws {
            guard (-90...90).contains(latitude) else {
                throw EvaluationError(.invalidInput, "latitude \(latitude) is not within -90...90 degrees")
            }
            guard (-180...180).contains(longitude) else {
                throw EvaluationError(.invalidInput, "longitude \(longitude) is not within -180...180 degrees")
            }
            self.latitude = latitude
            self.longitude = longitude
        }

        fileprivate init(longitude: Double, clampedLatitude: Double) {
            self.longitude = longitude
            latitude = min(90, max(-90, clampedLatitude))
        }
    }

    /// What a feature looks like.
    public enum Geometry: Hashable, Sendable {
        /// One position.
        case point(Position)
        /// Two or more.
        case lineString([Position])
        /// Several lines: one that the date line cuts (RFC 7946, section 3.1.9).
        case multiLineString([[Position]])
    }

    /// What a feature says. Absent members are left out.
    public struct Properties: Hashable, Sendable, Codable {
        /// Its name.
        public var label: String
        /// A `MapPlace.Role`, or "connection" for a line.
        public var role: String
        /// 0...1.
        public var probability: Double?
        /// The photo's path.
        public var image: String?
        /// One more line to read.
        public var note: String?
        /// A point's colour (simplestyle-spec).
        public var markerColour: String?
        /// A line's colour (simplestyle-spec).
        public var strokeColour: String?

        /// Collects properties.
        public init(
            label: String, role: String, probability: Double? = nil, image: String? = nil, note: String? = nil,
            markerColour: String? = nil, strokeColour: String? = nil
        ) {
            self.label = label
            self.role = role
            self.probability = probability
            self.image = image
            self.note = note
            self.markerColour = markerColour
            self.strokeColour = strokeColour
        }

        private enum CodingKeys: String, CodingKey {
            case label, role, probability, image, note
            case markerColour = "marker-color"
            case strokeColour = "stroke"
        }
    }

    /// A geometry with its properties.
    public struct Feature: Hashable, Sendable {
        /// Where.
        public var geometry: Geometry
        /// What.
        public var properties: Properties

        /// Makes a feature.
        public init(geometry: Geometry, properties: Properties) {
            self.geometry = geometry
            self.properties = properties
        }
    }

    /// The features in order.
    public var features: [Feature]

    /// Collects places as points, in their order; with `connectsEvidence` a line from every piece of evidence to the answer
    /// follows them. O(places).
    public init(places: [MapPlace], connectsEvidence: Bool = false) {
        features = places.map { place in
            Feature(
                geometry: .point(place.position),
                properties: Properties(
                    label: place.label, role: place.role.rawValue, probability: place.probability,
                    image: place.imagePath, note: place.note, markerColour: place.role.colour))
        }
        guard connectsEvidence, let answer = places.first(where: { $0.role == .answer }) else { return }
        for place in places where place.role == .evidence && place.position != answer.position {
            features.append(
                Feature(
                    geometry: Self.line(from: place.position, to: answer.position),
                    properties: Properties(
                        label: place.label, role: "connection", image: place.imagePath,
                        strokeColour: MapPlace.Role.evidence.colour)))
        }
    }

    /// The shorter way between two positions, straight in degrees, cut in two where it crosses the date line.
    static func line(from start: Position, to end: Position) -> Geometry {
        let turn = end.longitude - start.longitude
        guard abs(turn) > 180 else { return .lineString([start, end]) }
        let edge = start.longitude > 0 ? 180.0 : -180
        let way = turn + (turn > 0 ? -360 : 360)
        let share = (edge - start.longitude) / way
        let latitude = start.latitude + share * (end.latitude - start.latitude)
        return .multiLineString([
            [start, Position(longitude: edge, clampedLatitude: latitude)],
            [Position(longitude: -edge, clampedLatitude: latitude), end],
        ])
    }
}
