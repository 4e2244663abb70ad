import GRDB

/// The tables of `collection.sqlite`, version by version. A step that was released is never edited: a new one follows it.
enum CollectionSchema {
    /// Marks the database as a collection's ("Carn"), so that no other SQLite file is taken for one.
    static let applicationID: Int64 = 0x4361_726E

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 images, files, segments, inverted files") { database in
            try database.execute(sql: version1)
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
        migrator.registerMigration("2 several extractors, global descriptors") { database in
            try database.execute(sql: version2)
        }
        migrator.registerMigration("3 labels, places") { database in
            try database.execute(sql: version3)
        }
        return migrator
    }

    /// Paths are compared bytewise. `modified_ns` counts nanoseconds since 1970. A checksum is the first eight bytes of
    /// a SHA-256, read as a big-endian number.
    private static let version1 = """
        -- What holds for the whole collection: the extractor's digest and configuration, and the generation,
        -- which grows with every commit.
        CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

        -- Append-only files of records. Bytes behind `length` do not count: they are of a batch that never finished.
        CREATE TABLE segment (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            extractor_digest TEXT NOT NULL,
            length INTEGER NOT NULL);

        -- Files that search reads, written once. A file left out here does not count.
        CREATE TABLE inverted_file (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            image_count INTEGER NOT NULL,
            byte_count INTEGER NOT NULL);

        -- One row for each different content. A number is never used twice.
        CREATE TABLE image (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            content_hash BLOB NOT NULL UNIQUE,
            width INTEGER NOT NULL, height INTEGER NOT NULL,
            original_width INTEGER NOT NULL, original_height INTEGER NOT NULL,
            capture_time REAL, latitude REAL, longitude REAL,
            keypoint_count INTEGER NOT NULL,
            segment_id INTEGER NOT NULL REFERENCES segment(id),
            offset INTEGER NOT NULL, length INTEGER NOT NULL, checksum INTEGER NOT NULL);

        -- Where contents were found. Several files may have the same content.
        CREATE TABLE file (
            path TEXT PRIMARY KEY,
            image_id INTEGER NOT NULL REFERENCES image(id),
            size INTEGER NOT NULL, modified_ns INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX file_image ON file(image_id);
        CREATE INDEX image_segment ON image(segment_id);

        -- Files that gave no image. One is tried again when it changes, or at once when the reason was passing.
        CREATE TABLE failure (
            path TEXT PRIMARY KEY,
            size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
            kind TEXT NOT NULL, message TEXT NOT NULL, is_transient INTEGER NOT NULL) WITHOUT ROWID;

        -- Images that lost a file in a run under way. Those left without any when it ends are deleted.
        CREATE TABLE orphan_candidate (image_id INTEGER PRIMARY KEY);

        -- Deleted images that inverted files still hold.
        CREATE TABLE removed_image (image_id INTEGER PRIMARY KEY);

        -- Records of deleted images whose bytes are still to be wiped from their segment.
        CREATE TABLE pending_erasure (
            segment_id INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
            PRIMARY KEY (segment_id, offset)) WITHOUT ROWID;
        """

    /// A collection may have several extractors, and need not have local features. `removed_image` now holds deleted images
    /// that any file of either index still has.
    private static let version2 = """
        -- What made the features, in the order of its parts of a global descriptor; empty before the first image.
        CREATE TABLE extractor (
            position INTEGER PRIMARY KEY,
            name TEXT NOT NULL, kind TEXT NOT NULL, dimensions INTEGER NOT NULL,
            digest TEXT NOT NULL, configuration TEXT NOT NULL);
        INSERT INTO extractor
            SELECT 0, 'rootsift', 'local', 128, digest.value, configuration.value
            FROM meta AS digest JOIN meta AS configuration
            WHERE digest.key = 'extractor_digest' AND configuration.key = 'extractor_configuration';
        DELETE FROM meta WHERE key IN ('extractor_digest', 'extractor_configuration');

        -- Global descriptors, written once. A file left out here does not count.
        CREATE TABLE descriptor_file (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            image_count INTEGER NOT NULL,
            byte_count INTEGER NOT NULL);

        -- The same as before, but for images without a record of local features. Numbers go on where they were.
        CREATE TABLE new_image (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            content_hash BLOB NOT NULL UNIQUE,
            width INTEGER NOT NULL, height INTEGER NOT NULL,
            original_width INTEGER NOT NULL, original_height INTEGER NOT NULL,
            capture_time REAL, latitude REAL, longitude REAL,
            keypoint_count INTEGER NOT NULL,
            segment_id INTEGER REFERENCES segment(id),
            offset INTEGER, length INTEGER, checksum INTEGER);
        INSERT INTO new_image SELECT id, content_hash, width, height, original_width, original_height, capture_time,
            latitude, longitude, keypoint_count, segment_id, offset, length, checksum FROM image;
        DELETE FROM sqlite_sequence WHERE name = 'new_image';
        INSERT INTO sqlite_sequence (name, seq) SELECT 'new_image', seq FROM sqlite_sequence WHERE name = 'image';
        DROP TABLE image;
        ALTER TABLE new_image RENAME TO image;
        CREATE INDEX image_segment ON image(segment_id);
        """

    /// What images show, and where they were taken. Both are of contents, not of files, and go with their image.
    private static let version3 = """
        -- What images may show. A row is kept while an image has it or something else is told of it.
        CREATE TABLE label (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            title TEXT, note TEXT,
            latitude REAL, longitude REAL,
            CHECK ((latitude IS NULL) = (longitude IS NULL)));

        -- What an image shows: a label, or certainly none of them where that is NULL. Nothing is known of an image without a row.
        CREATE TABLE image_label (
            image_id INTEGER PRIMARY KEY REFERENCES image(id) ON DELETE CASCADE,
            label_id INTEGER REFERENCES label(id),
            source TEXT NOT NULL);
        CREATE INDEX image_label_label ON image_label(label_id);

        -- Places that were given. They count instead of those in the photos, which stay in `image`.
        CREATE TABLE image_place (
            image_id INTEGER PRIMARY KEY REFERENCES image(id) ON DELETE CASCADE,
            latitude REAL NOT NULL, longitude REAL NOT NULL,
            source TEXT NOT NULL);
        """
}
