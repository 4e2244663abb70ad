import CairnCore
import CairnFeatures
import GRDB
import Glibc

/// What a collection holds and how much room it takes.
public struct CollectionStatistics: Sendable, Codable, Equatable {
    /// Different images.
    public var images: Int
    /// Files; several may have the same content.
    public var files: Int
    /// Files that gave no image.
    public var failures: Int
    /// Keypoints of all images.
    public var keypoints: Int
    /// Different labels that images have.
    public var labels: Int
    /// Images with a label.
    public var labelledImages: Int
    /// Images that certainly show none of the labels.
    public var nonLandmarkImages: Int
    /// Images with a place, given or their own.
    public var locatedImages: Int
    /// Bytes of the features' segments on the disk, without what was deleted.
    public var segmentBytes: Int64
    /// Bytes of the inverted files.
    public var invertedFileBytes: Int64
    /// Bytes of the files of global descriptors.
    public var descriptorFileBytes: Int64
    /// Bytes of the database with its log.
    public var databaseBytes: Int64
    /// Feature segments.
    public var segments: Int
    /// Inverted files.
    public var invertedFiles: Int
    /// Files of global descriptors.
    public var descriptorFiles: Int
    /// Deleted images that files of an index still hold.
    public var removedImages: Int
    /// What made the features; empty in a collection without images.
    public var extractors: [ExtractorRecord]
    /// Digest of what made the local features; `nil` where there are none.
    public var extractorDigest: String?
    /// The settings behind the digest.
    public var extractorConfigurationJSON: String?

    /// Bytes on the disk for an image.
    public var bytesPerImage: Double {
        images == 0
            ? 0 : Double(segmentBytes + invertedFileBytes + descriptorFileBytes + databaseBytes) / Double(images)
    }
}

extension ImageCollection {
    /// Counts images and bytes. Linear in the number of images, though quick: a second or so for a million.
    public func statistics() throws -> CollectionStatistics {
        do {
            return try snapshot().read { database in
                func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
                let segments = try SegmentWriter.State.fetchAll(database)
                let extractors = try CollectionMeta.extractors(database)
                let local = extractors.first { $0.kind == .local }
                return CollectionStatistics(
                    images: try count("SELECT count(*) FROM image"), files: try count("SELECT count(*) FROM file"),
                    failures: try count("SELECT count(*) FROM failure"),
                    keypoints: try count("SELECT ifnull(sum(keypoint_count), 0) FROM image"),
                    labels: try count("SELECT count(DISTINCT label_id) FROM image_label"),
                    labelledImages: try count("SELECT count(label_id) FROM image_label"),
                    nonLandmarkImages: try count("SELECT count(*) FROM image_label WHERE label_id IS NULL"),
                    locatedImages: try count(
                        """
                        SELECT count(*) FROM image WHERE latitude IS NOT NULL AND longitude IS NOT NULL
                            OR EXISTS (SELECT 1 FROM image_place WHERE image_id = image.id)
                        """),
                    segmentBytes: segments.reduce(0) { $0 + Self.allocatedBytes(layout.segment($1.name)) },
                    invertedFileBytes: Int64(try count("SELECT ifnull(sum(byte_count), 0) FROM inverted_file")),
                    descriptorFileBytes: Int64(
                        try count("SELECT ifnull(sum(byte_count), 0) FROM descriptor_file")),
                    databaseBytes: ["", "-wal", "-shm"].reduce(0) { $0 + Self.allocatedBytes(layout.database + $1) },
                    segments: segments.count, invertedFiles: try count("SELECT count(*) FROM inverted_file"),
                    descriptorFiles: try count("SELECT count(*) FROM descriptor_file"),
                    removedImages: try count("SELECT count(*) FROM removed_image"), extractors: extractors,
                    extractorDigest: local?.digest, extractorConfigurationJSON: local?.configurationJSON)
            }
        } catch {
            throw CollectionError.translating(error, at: path)
        }
    }

    /// Files that gave no image, in bytewise order of paths.
    ///
    /// - Parameters:
    ///   - path: Only those after this path; to go on where a portion ended.
    ///   - limit: The size of a portion.
    public func failures(after path: String = "", limit: Int = 1000) throws -> [IndexingReport.Failure] {
        try snapshot().read { database in
            try Row.fetchAll(
                database, sql: "SELECT path, kind, message FROM failure WHERE path > ? ORDER BY path LIMIT ?",
                arguments: [path, limit]
            ).map {
                IndexingReport.Failure(path: $0[0], kind: ErrorKind(rawValue: $0[1]) ?? .failure, reason: $0[2])
            }
        }
    }

    /// Bytes that a file takes on the disk; holes take none.
    private static func allocatedBytes(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_blocks) * 512 : 0
    }
}
