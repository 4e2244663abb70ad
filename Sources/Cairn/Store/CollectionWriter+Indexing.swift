import CairnCore
import CairnIndex
import Foundation
import GRDB

extension CollectionWriter {
    /// Prepares for a run. Throws when the collection's features were made by other extractors.
    func beginIndexing(with analyzer: any ImageAnalyzer) throws {
        let (segments, lastImage) = try read { database in
            try CollectionMeta.requireExtractors(database, analyzer.extractors, at: layout.root)
            return (
                try SegmentWriter.State.fetchAll(database),
                try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'image'") ?? 0
            )
        }
        let writer = try analyzer.extractors.first { $0.kind == .local }.map { extractor in
            try SegmentWriter(
                layout: layout, segments: segments,
                header: SegmentHeader(digest: extractor.digest, configurationJSON: extractor.configurationJSON),
                capacity: limits.segmentCapacity, fault: fault)
        }
        batch = IndexingBatch(analyzer: analyzer, segments: writer, nextImage: UInt32(clamping: lastImage + 1))
    }

    /// Images that wait for the next commit, and changes of all kinds.
    var pendingCounts: (images: Int, changes: Int) { (batch?.images.count ?? 0, batch?.changes.count ?? 0) }

    /// Takes a file whose content was analysed. Content that is there already makes no second image.
    func stage(_ candidate: FileCandidate, hash: ContentHash, analysis: AnalyzedImage) throws -> StagedKind {
        if let kind = try stage(candidate, knownContent: hash) { return kind }
        guard let batch else { preconditionFailure("staging outside an indexing run") }
        guard batch.nextImage < .max else {
            throw CollectionError(.limitExceeded, "the collection at \(layout.root) has used all image numbers")
        }
        let id = ImageID(batch.nextImage)
        let place = try batch.segments?.append(analysis.record, of: id)
        var analysis = analysis
        analysis.record = []
        batch.nextImage += 1
        batch.images.append(
            .init(id: id, hash: hash, analysis: analysis, location: place?.location, checksum: place?.checksum))
        batch.idsByHash[hash] = id
        batch.changes.append(.file(path: candidate.path, candidate.stamp, id))
        return candidate.previous == nil ? .added : .changed
    }

    /// Takes a file with content that the collection has; `nil` when it has not.
    func stage(_ candidate: FileCandidate, knownContent hash: ContentHash) throws -> StagedKind? {
        guard let batch else { preconditionFailure("staging outside an indexing run") }
        let stored = try read { database in
            try UInt32.fetchOne(database, sql: "SELECT id FROM image WHERE content_hash = ?", arguments: [hash.data])
        }
        guard let id = batch.idsByHash[hash] ?? stored.map({ ImageID($0) }) else { return nil }
        batch.changes.append(.file(path: candidate.path, candidate.stamp, id))
        if candidate.previous == id { return .unchanged }
        let paths = try read { database in
            try String.fetchAll(database, sql: "SELECT path FROM file WHERE image_id = ?", arguments: [id.rawValue])
        }
        let missing = paths.filter { PosixFile.isMissing($0) }
        for path in missing { batch.changes.append(.drop(path: path)) }
        if candidate.previous != nil { return .changed }
        return missing.isEmpty ? .duplicate : .moved
    }

    /// Takes a file that gave no image. What it was before is dropped, unless the reason may pass.
    func stage(_ candidate: FileCandidate, failure: FileFailure) {
        batch?.changes.append(.failure(path: candidate.path, candidate.stamp, failure))
    }

    /// Makes everything staged count.
    func commitBatch() throws {
        guard let batch, !batch.changes.isEmpty else { return }
        let files = batch.images.isEmpty ? [] : try writeIndexFiles(of: batch)
        try commit { database in
            if !batch.images.isEmpty {
                try CollectionMeta.setExtractors(database, batch.analyzer.extractors)
                for segment in batch.segments?.states ?? [] { try segment.save(database) }
                for image in batch.images { try image.insert(database) }
                for file in files {
                    try insertIndexFile(database, file.kind, file.id, file.name, imageCount: batch.images.count)
                }
            }
            for change in batch.changes { try change.apply(database) }
        }
        batch.segments?.didCommit()
        batch.clear()
        try mergeWherePolicySays()
    }

    /// Flushes the batch's records, and writes its images into a new file of each index that the collection has.
    private func writeIndexFiles(of batch: IndexingBatch) throws -> [(kind: IndexFileKind, id: Int64, name: String)] {
        var files: [(kind: IndexFileKind, id: Int64, name: String)] = []
        func begin(_ kind: IndexFileKind) throws -> String {
            let id = try nextIndexFileID(kind)
            files.append((kind, id, kind.name(id)))
            return kind.path(kind.name(id), in: layout)
        }
        try batch.segments?.synchronize()
        if let vocabulary = batch.analyzer.vocabulary {
            try InvertedFile.write(
                batch.images.map { ($0.id, $0.analysis.signature) }, vocabulary: vocabulary,
                configuration: batch.analyzer.indexConfiguration, to: begin(.inverted))
            try fault?(.invertedFileWritten)
        }
        let dimensions = batch.analyzer.globalDimensions
        if dimensions > 0 {
            try DescriptorFile.write(
                batch.images.map { ($0.id, $0.analysis.globalDescriptor) }, dimensions: dimensions,
                modelDigest: batch.analyzer.extractors.globalDigest, to: begin(.descriptors))
            try fault?(.descriptorFileWritten)
        }
        return files
    }

    /// Ends a run: commits the rest, drops files that are gone below `prunedRoots`, deletes images left without files.
    ///
    /// - Returns: The number of files dropped.
    func finishIndexing(pruning prunedRoots: [String]) throws -> Int {
        try commitBatch()
        batch = nil
        var dropped = 0
        for root in prunedRoots { dropped += try dropMissingFiles(below: root) }
        try deleteOrphans()
        return dropped
    }

    /// Forgets what is not committed, and makes its room free again.
    func abandonBatch() {
        batch = nil
        openIndexFiles = [:]
        // The next writer does this anyway; on a full disk it is kinder to do it now. Its failure hides nothing.
        try? Self.recover(layout: layout, pool: pool)
    }
}

extension ContentHash {
    var data: Data { Data(bytes) }
}

extension SegmentWriter.State {
    fileprivate func save(_ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO segment (id, name, extractor_digest, length) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET length = excluded.length
                """, arguments: [id, name, digest, length])
    }
}

extension IndexingBatch.Image {
    fileprivate func insert(_ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO image (id, content_hash, width, height, original_width, original_height, capture_time,
                    latitude, longitude, keypoint_count, segment_id, offset, length, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id.rawValue, hash.data, analysis.size.width, analysis.size.height, analysis.originalSize.width,
                analysis.originalSize.height, analysis.captureTime?.timeIntervalSince1970, analysis.latitude,
                analysis.longitude, analysis.keypointCount, location?.segment, location?.offset, location?.length,
                checksum.map { Int64(bitPattern: $0) },
            ])
    }
}

extension IndexingBatch.Change {
    fileprivate func apply(_ database: Database) throws {
        switch self {
        case .file(let path, let stamp, let image):
            try Self.noteLostFile(database, of: path, unlessImage: image)
            try database.execute(
                sql: """
                    INSERT INTO file (path, image_id, size, modified_ns) VALUES (?, ?, ?, ?)
                    ON CONFLICT (path) DO UPDATE SET
                        image_id = excluded.image_id, size = excluded.size, modified_ns = excluded.modified_ns
                    """, arguments: [path, image.rawValue, stamp.size, stamp.modified])
            try database.execute(sql: "DELETE FROM failure WHERE path = ?", arguments: [path])
        case .failure(let path, let stamp, let failure):
            if !failure.isTransient { try Self.drop(database, path) }
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO failure (path, size, modified_ns, kind, message, is_transient)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    path, stamp.size, stamp.modified, failure.kind.rawValue, failure.message, failure.isTransient,
                ])
        case .drop(let path):
            try Self.drop(database, path)
        }
    }

    private static func drop(_ database: Database, _ path: String) throws {
        try noteLostFile(database, of: path, unlessImage: nil)
        try database.execute(sql: "DELETE FROM file WHERE path = ?", arguments: [path])
    }

    /// An image that loses a file is not deleted at once: a file later in the run may turn out to have its content.
    private static func noteLostFile(_ database: Database, of path: String, unlessImage image: ImageID?) throws {
        try database.execute(
            sql:
                "INSERT OR IGNORE INTO orphan_candidate SELECT image_id FROM file WHERE path = ? AND image_id IS NOT ?",
            arguments: [path, image?.rawValue])
    }
}
