import CairnCore
import CairnIndex
import GRDB
import Glibc

extension CollectionWriter {
    /// A row of the table of inverted files.
    private struct InvertedFileRow {
        var id: Int64
        var name: String
        var imageCount: Int
    }

    /// The number of the next inverted file. A committed number is never used again, so that a reader's mapping of a name
    /// always is of the same file.
    func nextInvertedFileID() throws -> Int64 {
        try read { database in
            try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'inverted_file'") ?? 0
        } + 1
    }

    /// Records an inverted file that is on the disk.
    func insertInvertedFile(_ database: Database, _ id: Int64, _ name: String, imageCount: Int) throws {
        var status = stat()
        let path = layout.invertedFile(name)
        guard stat(path, &status) == 0 else { throw CollectionError.system("examine", path, errno: errno) }
        try database.execute(
            sql: "INSERT INTO inverted_file (id, name, image_count, byte_count) VALUES (?, ?, ?, ?)",
            arguments: [id, name, imageCount, Int64(status.st_size)])
    }

    /// Merges inverted files until the policy is content: few files, and few deleted images in them.
    func mergeWherePolicySays() throws {
        while true {
            let (rows, removed) = try read { database in
                let rows = try Row.fetchAll(
                    database, sql: "SELECT id, name, image_count FROM inverted_file ORDER BY id")
                let removed = try UInt32.fetchAll(database, sql: "SELECT image_id FROM removed_image")
                return (
                    rows.map { InvertedFileRow(id: $0[0], name: $0[1], imageCount: $0[2]) }, removed.map { ImageID($0) }
                )
            }
            let current = Set(rows.map(\.id))
            openInvertedFiles = openInvertedFiles.filter { current.contains($0.key) }
            // Only where something was deleted do files have to be opened to decide.
            let removedIn = try rows.map { row in
                removed.isEmpty ? [] : removed.filter(try invertedFile(row).contains)
            }
            let states = zip(rows, removedIn).map {
                MergePolicy.FileState(imageCount: $0.imageCount, removedCount: $1.count)
            }
            guard let chosen = limits.mergePolicy.nextMerge(of: states) else { return }
            try merge(chosen.map { rows[$0] }, removing: chosen.flatMap { removedIn[$0] })
        }
    }

    /// Replaces inverted files by one with their live images; by none when no image is left.
    private func merge(_ rows: [InvertedFileRow], removing removed: [ImageID]) throws {
        let imageCount = rows.reduce(0) { $0 + $1.imageCount } - removed.count
        let id = try nextInvertedFileID()
        let name = CollectionLayout.invertedFileName(id)
        if imageCount > 0 {
            try InvertedFile.merge(
                rows.map(invertedFile), removing: Set(removed), to: layout.invertedFile(name))
        }
        try fault?(.mergeWritten)
        try commit { database in
            for row in rows {
                try database.execute(sql: "DELETE FROM inverted_file WHERE id = ?", arguments: [row.id])
            }
            if imageCount > 0 { try insertInvertedFile(database, id, name, imageCount: imageCount) }
            for image in removed {
                try database.execute(sql: "DELETE FROM removed_image WHERE image_id = ?", arguments: [image.rawValue])
            }
        }
        try fault?(.mergeCommitted)
        for row in rows {
            openInvertedFiles[row.id] = nil
            try PosixFile.remove(layout.invertedFile(row.name))
        }
        try fault?(.mergeFinished)
    }

    private func invertedFile(_ row: InvertedFileRow) throws -> InvertedFile {
        if let file = openInvertedFiles[row.id] { return file }
        let file = try InvertedFile(path: layout.invertedFile(row.name))
        openInvertedFiles[row.id] = file
        return file
    }
}
