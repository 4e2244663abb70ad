import FoundationEssentials

/// What is read from an EXIF block: a TIFF structure of tagged values (CIPA DC-008, JEITA CP-3451).
///
/// Any bytes will do: what makes no sense is taken as absent. At most three directories are visited, each once, so that no
/// chain of offsets can go round in circles.
struct EXIFMetadata: Hashable {
    /// How the image is turned.
    var orientation = ImageOrientation.up
    /// When it was taken.
    var captureTime: CaptureTime?
    /// Where it was taken.
    var position: GPSPosition?

    private enum Tag {
        static let orientation: UInt16 = 0x0112
        static let exifDirectory: UInt16 = 0x8769
        static let gpsDirectory: UInt16 = 0x8825
        static let dateTimeOriginal: UInt16 = 0x9003
        static let dateTimeDigitized: UInt16 = 0x9004
        static let offsetTimeOriginal: UInt16 = 0x9011
        static let offsetTimeDigitized: UInt16 = 0x9012
        static let latitudeReference: UInt16 = 1
        static let latitude: UInt16 = 2
        static let longitudeReference: UInt16 = 3
        static let longitude: UInt16 = 4
    }

    /// Reads a block that starts with its byte order mark, "II" or "MM".
    init(tiff bytes: UnsafeBufferPointer<UInt8>) {
        guard let reader = TIFFReader(bytes), let first = reader.firstDirectory else { return }
        if let value = first.unsigned(Tag.orientation), let known = ImageOrientation(rawValue: value) {
            orientation = known
        }
        if let exif = first.unsigned(Tag.exifDirectory).flatMap(reader.directory(at:)) {
            captureTime =
                Self.time(exif, Tag.dateTimeOriginal, zone: Tag.offsetTimeOriginal)
                ?? Self.time(exif, Tag.dateTimeDigitized, zone: Tag.offsetTimeDigitized)
        }
        if let gps = first.unsigned(Tag.gpsDirectory).flatMap(reader.directory(at:)) {
            position = Self.position(gps)
        }
    }

    // MARK: Position

    private static func position(_ gps: TIFFReader.Directory) -> GPSPosition? {
        guard let latitude = degrees(gps, Tag.latitude, Tag.latitudeReference, negative: "S"),
            let longitude = degrees(gps, Tag.longitude, Tag.longitudeReference, negative: "W")
        else { return nil }
        return GPSPosition(latitude: latitude, longitude: longitude)
    }

    /// Degrees, minutes and seconds as one number, signed by hemisphere.
    private static func degrees(
        _ gps: TIFFReader.Directory, _ tag: UInt16, _ reference: UInt16, negative: Character
    ) -> Double? {
        guard let parts = gps.rationals(tag), parts.count == 3 else { return nil }
        let value = parts[0] + parts[1] / 60 + parts[2] / 3600
        guard value.isFinite else { return nil }
        return gps.text(reference)?.first == negative ? -value : value
    }

    // MARK: Time

    private static func time(_ exif: TIFFReader.Directory, _ tag: UInt16, zone: UInt16) -> CaptureTime? {
        // Cameras whose clock was never set write blanks or zeros.
        guard let text = exif.text(tag), text.contains(where: { $0.isNumber && $0 != "0" }) else { return nil }
        let offset = exif.text(zone).flatMap(secondsFromGMT)
        let date = secondsSince1970(text).map { Date(timeIntervalSince1970: Double($0 - (offset ?? 0))) }
        return CaptureTime(text: text, secondsFromGMT: offset, date: date)
    }

    /// "+02:00" as seconds.
    static func secondsFromGMT(_ text: String) -> Int? {
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard parts.count == 2, (0...14).contains(parts[0]), (0..<60).contains(parts[1]) else { return nil }
        return (parts[0] * 3600 + parts[1] * 60) * (sign == "-" ? -1 : 1)
    }

    /// "2024:05:17 18:30:00" as seconds since 1970, the clock taken to show UTC.
    static func secondsSince1970(_ text: String) -> Int? {
        let parts = text.split { !$0.isASCII || !$0.isNumber }.prefix(6).map { Int($0) ?? -1 }
        guard parts.count == 6, (1800...9999).contains(parts[0]), (1...12).contains(parts[1]),
            (1...31).contains(parts[2]), (0..<24).contains(parts[3]), (0..<60).contains(parts[4]),
            (0...60).contains(parts[5])
        else { return nil }
        // Counted in years that begin in March, a leap day is the last day of its year.
        let year = parts[1] > 2 ? parts[0] : parts[0] - 1
        let month = (parts[1] + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + parts[2] - 1
        let days = 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
        return days * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]
    }
}
