import CairnCore
import CairnImaging
import Foundation
import GRDB

/// An image of a collection, as far as the database knows it.
public struct CollectionImage: Sendable, Identifiable {
    /// The image's number.
    public var id: ImageID

    /// Where files with its content were found, at least one, in bytewise order.
    public var paths: [String]

    /// Size of the image in which features were found; their coordinates are in its pixels.
    public var size: ImageSize

    /// Size of the image in the file, upright.
    public var originalSize: ImageSize

    /// When the photo was taken, where the file says so.
    public var captureTime: Date?

    /// Degrees north of the equator, where the file says so.
    public var latitude: Double?

    /// Degrees east of Greenwich, where the file says so.
    public var longitude: Double?

    /// A place that was given for it, which counts instead of the file's.
    public var givenPlace: GPSPosition?

    /// Where the given place came from.
    public var placeSource: LabelSource?

    /// What it shows; `nil` where nothing is known.
    public var label: ImageLabel?

    /// Where the label came from.
    public var labelSource: LabelSource?

    /// Where it was taken: the place given, else the file's.
    public var place: GPSPosition? {
        givenPlace ?? GPSPosition(latitude, longitude)
    }

    /// The number of keypoints in its record.
    public var keypointCount: Int

    /// Where its local features lie; `nil` in a collection without.
    var location: RecordLocation?
    var checksum: UInt64

    /// Selects what `init` reads; a condition on `image` goes behind it.
    static let select = """
        SELECT image.id, width, height, original_width, original_height, capture_time, image.latitude, image.longitude,
            keypoint_count, segment_id, offset, length, checksum,
            image_label.source, label.name, image_place.latitude, image_place.longitude, image_place.source
        FROM image LEFT JOIN image_label ON image_label.image_id = image.id
            LEFT JOIN label ON label.id = image_label.label_id
            LEFT JOIN image_place ON image_place.image_id = image.id
        """

    /// Reads the columns above; paths are added later.
    init(_ row: Row) {
        id = ImageID(row[0])
        paths = []
        size = ImageSize(width: row[1], height: row[2])
        originalSize = ImageSize(width: row[3], height: row[4])
        captureTime = (row[5] as Double?).map { Date(timeIntervalSince1970: $0) }
        latitude = row[6]
        longitude = row[7]
        keypointCount = row[8]
        location = (row[9] as Int64?).map { RecordLocation(segment: $0, offset: row[10], length: row[11]) }
        checksum = UInt64(bitPattern: (row[12] as Int64?) ?? 0)
        labelSource = (row[13] as String?).flatMap(LabelSource.init)
        if row[13] as String? != nil { label = (row[14] as String?).map(ImageLabel.landmark) ?? .nonLandmark }
        givenPlace = GPSPosition(row[15], row[16])
        placeSource = (row[17] as String?).flatMap(LabelSource.init)
    }
}
