/// Something with a place on the Earth: the photo asked about, the answer, a photo that speaks for it, a landmark.
public struct MapPlace: Sendable {
    /// What stands at a place.
    public enum Role: String, Sendable, Codable, CaseIterable {
        /// The photo asked about, where it says itself where it was taken.
        case query
        /// What it was recognised as.
        case answer
        /// A photo that speaks for the answer.
        case evidence
        /// Any other landmark of the collection.
        case landmark
    }

    /// What stands there.
    public let role: Role
    /// Its name.
    public let label: String
    /// Where it is.
    public let position: GeoJSON.Position
    /// How sure the answer is, 0...1.
    public let probability: Double?
    /// The photo's path, shown as it is.
    public let imagePath: String?
    /// The photo, within `SheetImage.thumbnailLimit`.
    public let thumbnail: SheetImage?
    /// One more line to show: "143 inliers".
    public let note: String?

    /// Makes a place from degrees north and east (WGS 84).
    ///
    /// Throws `EvaluationError.invalidInput` when they are not within ±90 and ±180, or the probability not within 0...1.
    public init(
        _ role: Role, label: String, latitude: Double, longitude: Double, probability: Double? = nil,
        imagePath: String? = nil, thumbnail: SheetImage? = nil, note: String? = nil
    ) throws {
        if let probability, !(0...1).contains(probability) {
            throw EvaluationError(.invalidInput, "probability \(probability) of '\(label)' is not within 0...1")
        }
        self.role = role
        self.label = label
        do { position = try GeoJSON.Position(latitude: latitude, longitude: longitude) } catch {
            throw EvaluationError(.invalidInput, "'\(label)' has no place on a map", cause: error)
        }
        self.probability = probability
        self.imagePath = imagePath
        self.thumbnail = thumbnail
        self.note = note
    }
}

extension MapPlace.Role {
    /// What the page calls it.
    var words: String {
        switch self {
        case .query: "Query"
        case .answer: "Answer"
        case .evidence: "Evidence"
        case .landmark: "Landmark"
        }
    }

    /// Its colour, readable on light and dark ground alike.
    var colour: String {
        switch self {
        case .query: "#2f6fd0"
        case .answer: "#c8442f"
        case .evidence: "#2f8f73"
        case .landmark: "#8a7440"
        }
    }
}
