import CairnCore
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

    /// The number of keypoints in its record.
    public var keypointCount: Int

    /// Where its local features lie; `nil` in a collection without.
    var location: RecordLocation?
    var checksum: UInt64

    static let columns = """
        id, width, height, original_width, original_height, capture_time, latitude, longitude, keypoint_count,
        segment_id, offset, length, checksum
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
    }
}
