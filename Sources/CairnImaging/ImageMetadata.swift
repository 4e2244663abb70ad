import CairnCore
import FoundationEssentials

/// How a stored image is turned or mirrored with respect to how it is to be seen: EXIF's values 1 to 8.
public enum ImageOrientation: Int, Sendable, Codable, CaseIterable {
    /// As stored.
    case up = 1
    /// Mirrored left to right.
    case upMirrored
    /// To be turned by half.
    case down
    /// Mirrored top to bottom.
    case downMirrored
    /// Rows and columns exchanged.
    case leftMirrored
    /// To be turned a quarter clockwise.
    case right
    /// Rows and columns exchanged along the other diagonal.
    case rightMirrored
    /// To be turned a quarter anticlockwise.
    case left

    /// Whether width and height change places.
    public var swapsAxes: Bool { rawValue >= 5 }
}

/// A position on the Earth, in degrees of the World Geodetic System.
public struct GPSPosition: Hashable, Sendable, Codable {
    /// Degrees north of the equator, -90 to 90.
    public var latitude: Double

    /// Degrees east of Greenwich, -180 to 180.
    public var longitude: Double

    /// Makes a position; `nil` when a coordinate is out of range or not a number.
    public init?(latitude: Double, longitude: Double) {
        guard abs(latitude) <= 90, abs(longitude) <= 180 else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }
}

/// When a photo was taken, by the camera's clock.
public struct CaptureTime: Hashable, Sendable, Codable {
    /// What the file says, such as "2024:05:17 18:30:00".
    public var text: String

    /// Seconds east of Greenwich, where the file says which time zone the clock was set to.
    public var secondsFromGMT: Int?

    /// The instant. Without a time zone in the file the clock is taken to show UTC; `nil` when the text is no date.
    public var date: Date?
}

/// What a file says about its image, without decoding it.
public struct ImageMetadata: Hashable, Sendable, Codable {
    /// The format, told by content.
    public var format: ImageFormat

    /// Width and height as stored.
    public var storedSize: ImageSize

    /// Width and height as seen: after the orientation has been applied, before any reduction.
    public var size: ImageSize

    /// How the stored image is turned; decoded images have it applied.
    public var orientation: ImageOrientation

    /// When it was taken, where that is known.
    public var captureTime: CaptureTime?

    /// Where it was taken, where that is known.
    public var position: GPSPosition?

    /// Whether an ICC profile is embedded; decoded images are sRGB in any case.
    public var hasProfile: Bool
}

/// An image together with what its file says, and the file's bytes, which were read once for both.
public struct DecodedImage<Image: Sendable>: Sendable {
    /// The pixels, oriented and in sRGB, reduced as configured.
    public var image: Image

    /// What the file says.
    public var metadata: ImageMetadata

    /// The file, as read.
    public var bytes: Data
}
