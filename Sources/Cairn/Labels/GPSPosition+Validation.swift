import CairnCore
import CairnImaging

extension GPSPosition {
    /// A position as people and files give it: both coordinates, in degrees and in range, or none (`nil`).
    ///
    /// Throws `CollectionError` of kind `invalidInput` for one alone, and for what is no position on the Earth.
    public static func validated(latitude: Double?, longitude: Double?) throws -> GPSPosition? {
        if latitude == nil && longitude == nil { return nil }
        guard let latitude, let longitude else {
            throw CollectionError(.invalidInput, "a latitude without a longitude, or the reverse")
        }
        guard let position = GPSPosition(latitude: latitude, longitude: longitude) else {
            throw CollectionError(
                .invalidInput,
                "there is no place at latitude \(latitude), longitude \(longitude); they go from -90 to 90 and from -180 to 180"
            )
        }
        return position
    }

    /// A position from two columns; `nil` unless both are there and in range.
    init?(_ latitude: Double?, _ longitude: Double?) {
        guard let latitude, let longitude else { return nil }
        self.init(latitude: latitude, longitude: longitude)
    }
}
