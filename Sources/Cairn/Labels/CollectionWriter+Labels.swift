import CairnCore
import CairnImaging
import GRDB

extension ImageCollection {
    /// Changes labels and places: all of it, or nothing when something is wrong. A snapshot made from now on has them.
    ///
    /// O(n log n) in changes, in one transaction.
    ///
    /// - Throws: `CollectionError`: an image or landmark that the collection does not have, another writer, no permission, a
    ///   full disk.
    @discardableResult
    public func apply(_ changes: LabelChanges) async throws -> LabelReport {
        let writer = try CollectionWriter(layout: layout, limits: limits, fault: fault)
        return changes.isEmpty ? LabelReport() : try await writer.apply(changes)
    }
}

extension CollectionWriter {
    func apply(_ changes: LabelChanges) throws -> LabelReport {
        try commit { database in
            var report = LabelReport()
            if changes.clearsAllLabels {
                try database.execute(sql: "DELETE FROM image_label")
                report.cleared = database.changesCount
            }
            if changes.clearsAllPlaces {
                try database.execute(sql: "DELETE FROM image_place")
                report.clearedPlaces = database.changesCount
                try database.execute(sql: "UPDATE label SET latitude = NULL, longitude = NULL")
            }
            try requireImages(database, Set(changes.labels.keys).union(changes.places.keys))
            try set(changes.labels, from: changes.source, database, &report)
            try set(changes.places, from: changes.source, database, &report)
            try describe(changes.details, database, &report)
            // A name that no image has any more, and of which nothing else is known.
            try database.execute(
                sql: """
                    DELETE FROM label WHERE title IS NULL AND note IS NULL AND latitude IS NULL
                        AND NOT EXISTS (SELECT 1 FROM image_label WHERE label_id = label.id)
                    """)
            return report
        }
    }

    private func requireImages(_ database: Database, _ images: Set<ImageID>) throws {
        let find = try database.cachedStatement(sql: "SELECT 1 FROM image WHERE id = ?")
        for image in images.sorted() where try Int.fetchOne(find, arguments: [image.rawValue]) == nil {
            throw CollectionError(
                .notFound,
                "the collection at \(layout.root) has no image \(image); it may have been removed meanwhile, nothing was changed"
            )
        }
    }

    private func set(
        _ labels: [ImageID: ImageLabel?], from source: LabelSource, _ database: Database, _ report: inout LabelReport
    ) throws {
        var numbers: [String: Int64] = [:]
        let insertName = try database.cachedStatement(
            sql: "INSERT INTO label (name) VALUES (?) ON CONFLICT (name) DO NOTHING")
        let findName = try database.cachedStatement(sql: "SELECT id FROM label WHERE name = ?")
        func number(of name: String) throws -> Int64? {
            if let number = numbers[name] { return number }
            try insertName.execute(arguments: [name])
            numbers[name] = try Int64.fetchOne(findName, arguments: [name])
            return numbers[name]
        }
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO image_label (image_id, label_id, source) VALUES (?, ?, ?)
                ON CONFLICT (image_id) DO UPDATE SET label_id = excluded.label_id, source = excluded.source
                    WHERE label_id IS NOT excluded.label_id
                """)
        let delete = try database.cachedStatement(sql: "DELETE FROM image_label WHERE image_id = ?")
        for (image, label) in labels.sorted(by: { $0.key < $1.key }) {
            guard let label else {
                try delete.execute(arguments: [image.rawValue])
                report.cleared += database.changesCount
                continue
            }
            let number = try label.landmarkName.flatMap(number)
            try insert.execute(arguments: [image.rawValue, number, source.rawValue])
            if database.changesCount == 0 {
                report.unchanged += 1
            } else if label == .nonLandmark {
                report.nonLandmarks += 1
            } else {
                report.labelled += 1
            }
        }
    }

    private func set(
        _ places: [ImageID: GPSPosition?], from source: LabelSource, _ database: Database, _ report: inout LabelReport
    ) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO image_place (image_id, latitude, longitude, source) VALUES (?, ?, ?, ?)
                ON CONFLICT (image_id) DO UPDATE SET
                    latitude = excluded.latitude, longitude = excluded.longitude, source = excluded.source
                    WHERE latitude <> excluded.latitude OR longitude <> excluded.longitude
                """)
        let delete = try database.cachedStatement(sql: "DELETE FROM image_place WHERE image_id = ?")
        for (image, place) in places.sorted(by: { $0.key < $1.key }) {
            if let place {
                try insert.execute(
                    arguments: [image.rawValue, place.latitude, place.longitude, source.rawValue])
                report.places += database.changesCount
            } else {
                try delete.execute(arguments: [image.rawValue])
                report.clearedPlaces += database.changesCount
            }
        }
    }

    private func describe(
        _ details: [String: LabelChanges.Details], _ database: Database, _ report: inout LabelReport
    ) throws {
        for (name, known) in details.sorted(by: { FilePaths.precedes($0.key, $1.key) }) {
            try database.execute(
                sql: """
                    UPDATE label SET title = ifnull(?, title), note = ifnull(?, note),
                        latitude = ifnull(?, latitude), longitude = ifnull(?, longitude)
                    WHERE name = ?
                    """,
                arguments: [known.title, known.note, known.place?.latitude, known.place?.longitude, name])
            guard database.changesCount > 0 else {
                throw CollectionError(
                    .notFound,
                    "no image of the collection at \(layout.root) is labelled “\(name)”; label images first, nothing was changed"
                )
            }
            report.landmarks += 1
        }
    }
}
