import CairnCore
import CairnFeatures
import CairnIndex
import GRDB
import Glibc

/// Something in a collection that is not as it must be.
public struct IntegrityFinding: Sendable, Codable, Equatable, CustomStringConvertible {
    /// The file, image or table.
    public var subject: String
    /// What is wrong with it.
    public var problem: String

    /// Subject and problem.
    public var description: String { "\(subject): \(problem)" }
}

extension ImageCollection {
    /// Looks for damage: in the database, in segments and records, in the files of the indices, and between them.
    ///
    /// May run beside a writer: it checks one snapshot.
    ///
    /// - Parameter deep: Also reads everything: all checksums, all pages of the database. Takes as long as the disk.
    /// - Returns: What was found, at most a thousand of a kind; empty when all is well.
    /// - Throws: `CollectionError` only when the check itself cannot be made.
    public func checkIntegrity(deep: Bool = false) throws -> [IntegrityFinding] {
        do {
            let snapshot: CollectionSnapshot
            do {
                snapshot = try self.snapshot()
            } catch let error as IndexError {
                return [IntegrityFinding(subject: "index files", problem: error.message)]
            }
            return try databaseFindings(snapshot, deep: deep) + segmentFindings(snapshot)
                + recordFindings(snapshot, deep: deep) + indexFindings(snapshot, deep: deep)
        } catch {
            throw CollectionError.translating(error, at: path)
        }
    }

    private static let limit = 1000

    private func databaseFindings(_ snapshot: CollectionSnapshot, deep: Bool) throws -> [IntegrityFinding] {
        try snapshot.read { database in
            let check = deep ? "integrity_check" : "quick_check"
            var findings = try String.fetchAll(database, sql: "PRAGMA \(check)(\(Self.limit))").filter { $0 != "ok" }
                .map {
                    IntegrityFinding(subject: "database", problem: $0)
                }
            for row in try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").prefix(Self.limit) {
                let (table, parent): (String, String) = (row[0], row[2])
                findings.append(.init(subject: "database", problem: "a row of \(table) has no row in \(parent)"))
            }
            let lost = try UInt32.fetchAll(
                database,
                sql: """
                    SELECT id FROM image WHERE NOT EXISTS (SELECT 1 FROM file WHERE image_id = image.id)
                    AND id NOT IN (SELECT image_id FROM orphan_candidate) LIMIT \(Self.limit)
                    """)
            findings += lost.map { .init(subject: "image \($0)", problem: "it has no file") }
            return findings
        }
    }

    private func segmentFindings(_ snapshot: CollectionSnapshot) throws -> [IntegrityFinding] {
        try snapshot.read { try SegmentWriter.State.fetchAll($0) }.compactMap { segment in
            let path = layout.segment(segment.name)
            do {
                let file = try PosixFile(path: path, flags: O_RDONLY)
                let header = try SegmentHeader(reading: file)
                if header.digest != segment.digest || snapshot.extractorDigest.map({ $0 != header.digest }) == true {
                    return .init(subject: path, problem: "its extractor is not the collection's")
                }
                let length = Int64(try file.status().st_size)
                if length < segment.length {
                    return .init(subject: path, problem: "it has \(length) bytes of \(segment.length)")
                }
                return nil
            } catch let error as CollectionError {
                return .init(subject: path, problem: error.message)
            }
        }
    }

    private func recordFindings(_ snapshot: CollectionSnapshot, deep: Bool) throws -> [IntegrityFinding] {
        var findings: [IntegrityFinding] = []
        var previous: RecordLocation?
        try snapshot.forEachImage { image in
            guard findings.count < Self.limit else { return }
            let subject = "image \(image.id) (\(image.paths.first ?? ""))"
            guard let location = image.location else {
                if snapshot.extractorDigest != nil {
                    findings.append(.init(subject: subject, problem: "it has no local features"))
                }
                return
            }
            if let previous, previous.segment == location.segment,
                location.offset < previous.offset + previous.extent
            {
                findings.append(.init(subject: subject, problem: "its record overlaps the one before"))
            }
            previous = location
            do {
                let record = try snapshot.record(of: image)
                let isValid: Bool? =
                    deep
                    ? try record?.hasValidChecksum(image.checksum) : try record?.withUnsafeBytes { _ in true }
                if isValid == false {
                    findings.append(.init(subject: subject, problem: "its features do not have their checksum"))
                } else if isValid == nil, try isStillThere(image) {
                    findings.append(.init(subject: subject, problem: "its features are missing in its segment"))
                }
            } catch let error as CollectionError {
                findings.append(.init(subject: subject, problem: error.message))
            }
        }
        return findings
    }

    /// Whether an image whose record is gone was not simply deleted since the snapshot was made.
    private func isStillThere(_ image: CollectionImage) throws -> Bool {
        try snapshot().read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM image WHERE id = ?)", arguments: [image.id.rawValue])
        } ?? false
    }

    private func indexFindings(_ snapshot: CollectionSnapshot, deep: Bool) throws -> [IntegrityFinding] {
        var findings: [IntegrityFinding] = []
        let images = try snapshot.read { try Set(UInt32.fetchAll($0, sql: "SELECT id FROM image").map { ImageID($0) }) }
        let kinds = Set(snapshot.extractors.map(\.kind))
        var indexed: Set<ImageID> = []
        let indices: [(FeatureKind, String, [any IndexFile])] = [
            (.local, "inverted file", snapshot.invertedFiles), (.global, "descriptor file", snapshot.descriptorFiles),
        ]
        for (kind, name, files) in indices where kinds.contains(kind) || !files.isEmpty {
            var found: Set<ImageID> = []
            for file in files {
                do {
                    if deep { try file.requireChecksum() }
                } catch {
                    let problem = (error as? any CairnError)?.message ?? String(describing: error)
                    findings.append(.init(subject: file.path, problem: problem))
                }
                for image in file.allImages where !found.insert(image).inserted {
                    findings.append(.init(subject: file.path, problem: "image \(image) is in another file too"))
                }
            }
            for image in images.subtracting(found).sorted().prefix(Self.limit) {
                findings.append(
                    .init(subject: "image \(image)", problem: "no \(name) has it, so no search by it finds the image"))
            }
            for image in found.subtracting(images).subtracting(snapshot.removed).sorted().prefix(Self.limit) {
                findings.append(.init(subject: "image \(image)", problem: "a \(name) has it, but not the database"))
            }
            indexed.formUnion(found)
        }
        for image in snapshot.removed.subtracting(indexed).sorted().prefix(Self.limit) {
            findings.append(
                .init(subject: "image \(image)", problem: "it counts as deleted, but no file of an index has it"))
        }
        return findings
    }
}
