import CairnCore
import Foundation
import GRDB

/// What a removal did.
public struct RemovalReport: Sendable, Codable, Equatable {
    /// Paths dropped.
    public var files = 0
    /// Images deleted with them, because no other file has their content.
    public var images = 0
}

extension CollectionWriter {
    /// Drops files and whole folders, and the images that then have no file. Throws, before anything is changed, when the
    /// collection has nothing under one of the paths.
    func remove(_ paths: [String]) throws -> RemovalReport {
        var report = RemovalReport()
        try commit { database in
            for path in paths {
                let (first, end) = FilePaths.descendants(of: path)
                let arguments: StatementArguments = [path, first, end]
                let isHere = "path = ? OR (path >= ? AND path < ?)"
                try database.execute(
                    sql: "INSERT OR IGNORE INTO orphan_candidate SELECT image_id FROM file WHERE \(isHere)",
                    arguments: arguments)
                try database.execute(sql: "DELETE FROM file WHERE \(isHere)", arguments: arguments)
                let files = database.changesCount
                try database.execute(sql: "DELETE FROM failure WHERE \(isHere)", arguments: arguments)
                guard files + database.changesCount > 0 else {
                    throw CollectionError(
                        .notFound, "the collection at \(layout.root) has nothing at \(path); nothing was removed")
                }
                report.files += files
            }
            report.images = try Self.deleteOrphans(database)
        }
        try finishDeletion()
        return report
    }

    /// Whether the collection has, or failed to read, a file at a path or below it.
    func hasFiles(below path: String) throws -> Bool {
        let (first, end) = FilePaths.descendants(of: path)
        let select = "SELECT 1 FROM file WHERE path = ?1 OR (path >= ?2 AND path < ?3)"
        return try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (\(select)) OR EXISTS (\(select.replacing("file", with: "failure")))",
                arguments: [path, first, end]) ?? false
        }
    }

    /// Deletes images that lost their last file during a run.
    func deleteOrphans() throws {
        let hasCandidates = try read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM orphan_candidate)") ?? false
        }
        if hasCandidates { _ = try commit { try Self.deleteOrphans($0) } }
        try finishDeletion()
    }

    /// Drops files that are gone, below a path. Works in portions, so that memory stays flat.
    ///
    /// - Returns: The number of files dropped.
    func dropMissingFiles(below root: String) throws -> Int {
        var dropped = 0
        for table in ["file", "failure"] {
            var last: String?
            let (first, end) = FilePaths.descendants(of: root)
            while true {
                let paths = try read { [last] database in
                    try String.fetchAll(
                        database,
                        sql: """
                            SELECT path FROM \(table) WHERE (path = ? OR (path >= ? AND path < ?)) AND path > ?
                            ORDER BY path LIMIT 4096
                            """, arguments: [root, first, end, last ?? ""])
                }
                guard let final = paths.last else { break }
                last = final
                let missing = paths.filter { PosixFile.isMissing($0) }
                if missing.isEmpty { continue }
                try commit { database in
                    for path in missing {
                        if table == "file" {
                            try database.execute(
                                sql: "INSERT OR IGNORE INTO orphan_candidate SELECT image_id FROM file WHERE path = ?",
                                arguments: [path])
                        }
                        try database.execute(sql: "DELETE FROM \(table) WHERE path = ?", arguments: [path])
                    }
                }
                if table == "file" { dropped += missing.count }
            }
        }
        return dropped
    }

    /// Deletes the candidates that have no file any more. Their records are wiped after the commit.
    private static func deleteOrphans(_ database: Database) throws -> Int {
        try database.execute(
            sql:
                "DELETE FROM orphan_candidate WHERE EXISTS (SELECT 1 FROM file WHERE file.image_id = orphan_candidate.image_id)"
        )
        try database.execute(sql: "INSERT INTO removed_image SELECT image_id FROM orphan_candidate")
        try database.execute(
            sql: """
                INSERT INTO pending_erasure SELECT segment_id, offset, length FROM image
                WHERE id IN (SELECT image_id FROM orphan_candidate) AND segment_id IS NOT NULL
                """)
        try database.execute(sql: "DELETE FROM image WHERE id IN (SELECT image_id FROM orphan_candidate)")
        let count = database.changesCount
        try database.execute(sql: "DELETE FROM orphan_candidate")
        return count
    }

    /// What follows a deletion that counts already: bytes are wiped, empty segments deleted, index files rewritten.
    private func finishDeletion() throws {
        try fault?(.orphansCommitted)
        try wipeRecords()
        try deleteEmptySegments()
        try mergeWherePolicySays()
    }

    private func wipeRecords() throws {
        while true {
            let locations = try read { database in
                try Row.fetchAll(database, sql: "SELECT segment_id, offset, length FROM pending_erasure LIMIT 4096").map
                {
                    RecordLocation(segment: $0[0], offset: $0[1], length: $0[2])
                }
            }
            guard !locations.isEmpty else { return }
            let names = try read { database in try SegmentWriter.State.fetchAll(database) }
            for (segment, records) in Dictionary(grouping: locations, by: \.segment).sorted(by: { $0.key < $1.key }) {
                guard let name = names.first(where: { $0.id == segment })?.name else { continue }
                let file = try PosixFile(path: layout.segment(name), flags: O_RDWR)
                for record in records {
                    try file.wipe(record)
                    try fault?(.recordErased)
                }
                try file.synchronize()
            }
            try commit { database in
                for location in locations {
                    try database.execute(
                        sql: "DELETE FROM pending_erasure WHERE segment_id = ? AND offset = ?",
                        arguments: [location.segment, location.offset])
                }
            }
            try fault?(.erasuresFinished)
        }
    }

    /// Deletes segments without records, but never the newest: the next one's number follows from it.
    private func deleteEmptySegments() throws {
        let select = """
            SELECT name FROM segment WHERE id < (SELECT max(id) FROM segment)
            AND NOT EXISTS (SELECT 1 FROM image WHERE segment_id = segment.id)
            """
        let names = try read { try String.fetchAll($0, sql: select) }
        guard !names.isEmpty else { return }
        try commit { database in
            for name in names { try database.execute(sql: "DELETE FROM segment WHERE name = ?", arguments: [name]) }
        }
        for name in names { try PosixFile.remove(layout.segment(name)) }
    }
}

extension PosixFile {
    /// Wipes a record: its frame first, so that readers see that it is gone, then everything, giving the room back where
    /// the file system can.
    fileprivate func wipe(_ record: RecordLocation) throws {
        try [UInt8](repeating: 0, count: RecordFrame.byteCount).withUnsafeBytes { try write($0, at: record.offset) }
        let failure = punchHole(at: record.offset, byteCount: record.extent)
        if failure == 0 { return }
        guard failure == EOPNOTSUPP || failure == ENOSYS else {
            throw CollectionError.system("wipe", path, errno: failure)
        }
        let zeros = [UInt8](repeating: 0, count: Int(record.extent))
        try zeros.withUnsafeBytes { try write($0, at: record.offset) }
    }

    /// fallocate(2), which Glibc's module does not show. Returns 0 or the `errno`.
    private func punchHole(at offset: Int64, byteCount: Int64) -> Int32 {
        typealias Fallocate = @convention(c) (Int32, Int32, off_t, off_t) -> Int32
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "fallocate") else { return ENOSYS }
        let keepSize: Int32 = 0x01
        let punchHole: Int32 = 0x02
        let fallocate = unsafeBitCast(symbol, to: Fallocate.self)
        return fallocate(descriptor, keepSize | punchHole, off_t(offset), off_t(byteCount)) == 0 ? 0 : errno
    }
}
