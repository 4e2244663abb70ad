import CairnCore
import CairnIndex
import GRDB
import Glibc

extension CollectionWriter {
    /// A row of a table of index files.
    private struct IndexFileRow {
        var id: Int64
        var name: String
        var imageCount: Int
    }

    /// The number of the next file of an index. A committed number is never used again, so that a reader's mapping of a name
    /// always is of the same file.
    func nextIndexFileID(_ kind: IndexFileKind) throws -> Int64 {
        try read { database in
            try Int64.fetchOne(
                database, sql: "SELECT seq FROM sqlite_sequence WHERE name = ?", arguments: [kind.table]) ?? 0
        } + 1
    }

    /// Records an index file that is on the disk.
    func insertIndexFile(
        _ database: Database, _ kind: IndexFileKind, _ id: Int64, _ name: String, imageCount: Int
    ) throws {
        var status = stat()
        let path = kind.path(name, in: layout)
        guard stat(path, &status) == 0 else { throw CollectionError.system("examine", path, errno: errno) }
        try database.execute(
            sql: "INSERT INTO \(kind.table) (id, name, image_count, byte_count) VALUES (?, ?, ?, ?)",
            arguments: [id, name, imageCount, Int64(status.st_size)])
    }

    /// Merges index files until the policy is content: few files, and few deleted images in them.
    func mergeWherePolicySays() throws {
        for kind in IndexFileKind.allCases { try mergeWherePolicySays(kind) }
    }

    private func mergeWherePolicySays(_ kind: IndexFileKind) throws {
        while true {
            let (rows, removed) = try read { database in
                (
                    try Self.rows(database, kind),
                    try UInt32.fetchAll(database, sql: "SELECT image_id FROM removed_image")
                )
            }
            let current = Set(rows.map { kind.path($0.name, in: layout) })
            let folder = kind.folder(in: layout)
            openIndexFiles = openIndexFiles.filter {
                current.contains($0.key) || !FilePaths.isPath($0.key, inside: folder)
            }
            // Only where something was deleted do files have to be opened to decide.
            let removedIn = try rows.map { row in
                removed.isEmpty ? [] : removed.lazy.map { ImageID($0) }.filter(try file(row, kind).contains)
            }
            let states = zip(rows, removedIn).map {
                MergePolicy.FileState(imageCount: $0.imageCount, removedCount: $1.count)
            }
            guard let chosen = limits.mergePolicy.nextMerge(of: states) else { return }
            try merge(chosen.map { rows[$0] }, of: kind, removing: chosen.flatMap { removedIn[$0] })
        }
    }

    /// Replaces index files by one with their live images; by none when no image is left.
    private func merge(_ rows: [IndexFileRow], of kind: IndexFileKind, removing removed: [ImageID]) throws {
        let imageCount = rows.reduce(0) { $0 + $1.imageCount } - removed.count
        let id = try nextIndexFileID(kind)
        let name = kind.name(id)
        let files = try rows.map { try file($0, kind) }
        if imageCount > 0 {
            let path = kind.path(name, in: layout)
            switch kind {
            case .inverted:
                try InvertedFile.merge(files.compactMap { $0 as? InvertedFile }, removing: Set(removed), to: path)
            case .descriptors:
                try DescriptorFile.merge(files.compactMap { $0 as? DescriptorFile }, removing: Set(removed), to: path)
            }
        }
        // An image is forgotten once the other index does not have it either.
        let others = try IndexFileKind.allCases.filter { $0 != kind }.flatMap { other in
            removed.isEmpty ? [] : try read { try Self.rows($0, other) }.map { try file($0, other) }
        }
        let forgotten = removed.filter { image in !others.contains { $0.contains(image) } }
        try fault?(.mergeWritten)
        try commit { database in
            for row in rows {
                try database.execute(sql: "DELETE FROM \(kind.table) WHERE id = ?", arguments: [row.id])
            }
            if imageCount > 0 { try insertIndexFile(database, kind, id, name, imageCount: imageCount) }
            for image in forgotten {
                try database.execute(sql: "DELETE FROM removed_image WHERE image_id = ?", arguments: [image.rawValue])
            }
        }
        try fault?(.mergeCommitted)
        for row in rows {
            let path = kind.path(row.name, in: layout)
            openIndexFiles[path] = nil
            try PosixFile.remove(path)
        }
        try fault?(.mergeFinished)
    }

    private static func rows(_ database: Database, _ kind: IndexFileKind) throws -> [IndexFileRow] {
        try Row.fetchAll(database, sql: "SELECT id, name, image_count FROM \(kind.table) ORDER BY id").map {
            IndexFileRow(id: $0[0], name: $0[1], imageCount: $0[2])
        }
    }

    private func file(_ row: IndexFileRow, _ kind: IndexFileKind) throws -> any IndexFile {
        let path = kind.path(row.name, in: layout)
        if let file = openIndexFiles[path] { return file }
        let file = try kind.open(path)
        openIndexFiles[path] = file
        return file
    }
}
