import CairnCore
import CairnFeatures
import Crypto
import GRDB

extension [ExtractorRecord] {
    /// The SHA-256 of all global models together, in their order: what a file of their descriptors is made with.
    var globalDigest: [UInt8] {
        var hash = SHA256()
        for extractor in self where extractor.kind == .global {
            hash.update(data: Array<UInt8>("\(extractor.dimensions) \(extractor.digest)\n".utf8))
        }
        return Array<UInt8>(hash.finalize())
    }
}

/// What holds for a whole collection.
enum CollectionMeta {
    /// What made the features: at most one local extractor, first, and the global ones in the order of their parts of a
    /// descriptor. Empty before the first image.
    static func extractors(_ database: Database) throws -> [ExtractorRecord] {
        try Row.fetchAll(
            database, sql: "SELECT name, kind, dimensions, digest, configuration FROM extractor ORDER BY position"
        ).map { row in
            guard let kind = FeatureKind(rawValue: row[1]) else {
                throw CollectionError(
                    .unsupported, "an extractor of the collection is of the unknown kind “\(row[1] as String)”")
            }
            return ExtractorRecord(
                name: row[0], kind: kind, dimensions: row[2], digest: row[3], configurationJSON: row[4])
        }
    }

    /// Records the extractors with the first image.
    static func setExtractors(_ database: Database, _ extractors: [ExtractorRecord]) throws {
        for (position, extractor) in extractors.enumerated() {
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO extractor (position, name, kind, dimensions, digest, configuration)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    position, extractor.name, extractor.kind.rawValue, extractor.dimensions, extractor.digest,
                    extractor.configurationJSON,
                ])
        }
    }

    /// Throws when the collection's features were made by other extractors: features of two would be compared with each other
    /// and mean nothing.
    static func requireExtractors(_ database: Database, _ extractors: [ExtractorRecord], at path: String) throws {
        let stored = try self.extractors(database)
        func isSame(_ left: ExtractorRecord, _ right: ExtractorRecord) -> Bool {
            left.kind == right.kind && left.digest == right.digest && left.dimensions == right.dimensions
        }
        guard !stored.isEmpty, !stored.elementsEqual(extractors, by: isSame) else { return }
        func described(_ records: [ExtractorRecord]) -> String {
            records.map { "\($0.kind.rawValue) \($0.name) \($0.digest) with \($0.configurationJSON)" }.joined(
                separator: ", ")
        }
        throw CollectionError(
            .unsupported,
            "the collection at \(path) was made by \(described(stored)), and this is \(described(extractors)); use the same settings and models, or another collection"
        )
    }

    /// Grows with every commit.
    static func generation(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'generation'") ?? 0
    }
}
