import CairnCore
import CairnImaging
import GRDB

extension CollectionSnapshot {
    /// The labels of all images that have one. Linear in their number; equal names share their storage.
    public func labels() throws -> [ImageID: ImageLabel] {
        try read { database in
            let names = try Self.names(database)
            var labels: [ImageID: ImageLabel] = [:]
            labels.reserveCapacity(try Int.fetchOne(database, sql: "SELECT count(*) FROM image_label") ?? 0)
            let rows = try Row.fetchCursor(database, sql: "SELECT image_id, label_id FROM image_label")
            while let row = try rows.next() {
                labels[ImageID(row[0])] = (row[1] as Int64?).flatMap { names[$0] } ?? .nonLandmark
            }
            return labels
        }
    }

    /// What one image shows; `nil` where nothing is known.
    public func label(of image: ImageID) throws -> ImageLabel? { try self.image(image)?.label }

    /// Where one image was taken: the place given for it, else its photo's; `nil` where neither is known.
    public func place(of image: ImageID) throws -> GPSPosition? { try self.image(image)?.place }

    /// All labels in bytewise order of names, with how many images have them and where they are. A label without images is
    /// listed only where something else is known of it. O(n log n) in labelled images.
    public func landmarks() throws -> [LandmarkSummary] {
        try read { database in
            var counts: [Int64: Int] = [:]
            var positions: [Int64: [GPSPosition]] = [:]
            let images = try Row.fetchCursor(
                database,
                sql: """
                    SELECT label_id, ifnull(image_place.latitude, image.latitude),
                        ifnull(image_place.longitude, image.longitude)
                    FROM image_label JOIN image ON image.id = image_label.image_id
                        LEFT JOIN image_place ON image_place.image_id = image.id
                    WHERE label_id IS NOT NULL
                    """)
            while let row = try images.next() {
                let label: Int64 = row[0]
                counts[label, default: 0] += 1
                if let position = GPSPosition(row[1], row[2]) { positions[label, default: []].append(position) }
            }
            let rows = try Row.fetchAll(
                database, sql: "SELECT id, name, title, note, latitude, longitude FROM label ORDER BY name")
            return rows.compactMap { row in
                let given = GPSPosition(row[4], row[5])
                let summary = LandmarkSummary(
                    name: row[1], title: row[2], note: row[3], imageCount: counts[row[0]] ?? 0,
                    place: given ?? .median(of: positions[row[0]] ?? []), isPlaceGiven: given != nil)
                let isKnown = summary.imageCount > 0 || summary.title != nil || summary.note != nil || given != nil
                return isKnown ? summary : nil
            }
        }
    }

    private static func names(_ database: Database) throws -> [Int64: ImageLabel] {
        let rows = try Row.fetchAll(database, sql: "SELECT id, name FROM label")
        return Dictionary(rows.map { ($0[0], .landmark($0[1])) }) { first, _ in first }
    }
}
