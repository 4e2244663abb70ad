import CairnCore
import GRDB

/// What holds for a whole collection.
enum CollectionMeta {
    /// Digest and settings of the extractor that made the records; `nil` before the first image.
    static func extractor(_ database: Database) throws -> (digest: String, configurationJSON: String)? {
        guard let digest = try value(database, "extractor_digest") else { return nil }
        return (digest, try value(database, "extractor_configuration") ?? "{}")
    }

    /// Records the extractor with the first image.
    static func setExtractor(_ database: Database, digest: String, configurationJSON: String) throws {
        try database.execute(
            sql:
                "INSERT OR IGNORE INTO meta (key, value) VALUES ('extractor_digest', ?), ('extractor_configuration', ?)",
            arguments: [digest, configurationJSON])
    }

    /// Throws when the collection's records were made by an extractor other than `digest`: records of two would be compared
    /// with each other and mean nothing.
    static func requireExtractor(_ database: Database, digest: String, at path: String) throws {
        guard let stored = try extractor(database), stored.digest != digest else { return }
        throw CollectionError(
            .unsupported,
            "the collection at \(path) was made by the extractor \(stored.digest) with \(stored.configurationJSON), and this is \(digest); use the same settings, or another collection"
        )
    }

    /// Grows with every commit.
    static func generation(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'generation'") ?? 0
    }

    private static func value(_ database: Database, _ key: String) throws -> String? {
        try String.fetchOne(database, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
    }
}
