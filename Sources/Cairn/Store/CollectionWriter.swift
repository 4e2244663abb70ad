import CairnCore
import CairnIndex
import Foundation
import GRDB

/// The one that changes a collection, on a thread of its own.
///
/// A change goes in this order, so that a stop at any instant leaves either all of it or nothing:
/// records are appended to a segment and flushed; index files of the batch's images are written and flushed; one SQLite
/// transaction makes both count, and everything else with them; only then are replaced files deleted and the bytes of deleted
/// images wiped. What a stop leaves behind (a segment's tail, files no row mentions, records still to be wiped) is
/// cleared by `recover()` when the next writer opens.
actor CollectionWriter {
    /// How large files get; tests use small ones.
    struct Limits: Sendable {
        var segmentCapacity: Int64 = 1 << 30
        var mergePolicy = MergePolicy()
    }

    let layout: CollectionLayout
    let pool: DatabasePool
    let limits: Limits
    let fault: FaultHook?
    private let lock: WriterLock
    private let executor = SingleThreadExecutor(name: "cairn-writer")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The batch under way; `nil` outside an indexing run.
    var batch: IndexingBatch?
    /// Index files that are open for merging, by their path.
    var openIndexFiles: [String: any IndexFile] = [:]

    /// Locks the collection, opens it, and clears what a stopped writer left.
    init(layout: CollectionLayout, limits: Limits = Limits(), fault: FaultHook? = nil) throws {
        self.layout = layout
        self.limits = limits
        self.fault = fault
        lock = try WriterLock(layout: layout)
        try fault?(.lockTaken)
        pool = try CollectionDatabase.openForWriting(layout)
        do {
            try Self.recover(layout: layout, pool: pool)
        } catch {
            throw CollectionError.translating(error, at: layout.root)
        }
        try fault?(.recovered)
    }

    /// Runs a transaction that makes a change count. Readers that open from now on see it.
    func commit<Result>(_ updates: (Database) throws -> Result) throws -> Result {
        do {
            try fault?(.beforeCommit)
            let result = try pool.write { database in
                let result = try updates(database)
                try database.execute(
                    sql: """
                        INSERT INTO meta (key, value) VALUES ('generation', 1)
                        ON CONFLICT (key) DO UPDATE SET value = value + 1
                        """)
                return result
            }
            try fault?(.afterCommit)
            return result
        } catch {
            throw CollectionError.translating(error, at: layout.root)
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        do {
            return try pool.read(body)
        } catch {
            throw CollectionError.translating(error, at: layout.root)
        }
    }

    /// Deletes files that no row mentions, cuts off segments' tails that no commit covers, and wipes deleted images.
    static func recover(layout: CollectionLayout, pool: DatabasePool) throws {
        let (segments, indexNames) = try pool.read { database in
            (
                try SegmentWriter.State.fetchAll(database),
                try IndexFileKind.allCases.map { ($0, try $0.names(database)) }
            )
        }
        try PosixFile.createFolder(layout.segments)

        let lengths = Dictionary(segments.map { ($0.name, $0.length) }) { first, _ in first }
        let present = try PosixFile.names(in: layout.segments) ?? []
        if let lost = lengths.keys.sorted().first(where: { !present.contains($0) }) {
            throw CollectionError.corrupted(layout.segment(lost), "the file is missing")
        }
        for name in present {
            guard let length = lengths[name] else {
                try PosixFile.remove(layout.segment(name))
                continue
            }
            let file = try PosixFile(path: layout.segment(name), flags: O_RDWR)
            let found = Int64(try file.status().st_size)
            guard found >= length else {
                throw CollectionError.corrupted(file.path, "it has \(found) bytes of \(length)")
            }
            if found > length { try file.resize(to: length) }
        }

        for (kind, names) in indexNames {
            let known = Set(names)
            try PosixFile.createFolder(kind.folder(in: layout))
            let present = try PosixFile.names(in: kind.folder(in: layout)) ?? []
            if let lost = known.subtracting(present).min() {
                throw CollectionError.corrupted(kind.path(lost, in: layout), "the file is missing")
            }
            for name in present where !known.contains(name) { try PosixFile.remove(kind.path(name, in: layout)) }
        }
    }
}

extension SegmentWriter.State {
    /// All segments, oldest first.
    static func fetchAll(_ database: Database) throws -> [SegmentWriter.State] {
        try Row.fetchAll(database, sql: "SELECT id, name, extractor_digest, length FROM segment ORDER BY id").map {
            SegmentWriter.State(id: $0[0], name: $0[1], digest: $0[2], length: $0[3])
        }
    }
}
