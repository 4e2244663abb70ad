import CairnCore
import CairnFeatures
import CairnIndex
import GRDB

/// A collection as it was at one instant: what searches read, whatever a writer does meanwhile.
///
/// Cheap to make, as nothing is loaded for each image. Files that are replaced meanwhile stay readable here; an image that is
/// deleted meanwhile keeps its row, but its record is gone (`nil`). Let go of snapshots: while one exists, the
/// database's log cannot be shortened.
public struct CollectionSnapshot: Sendable {
    /// Grows with every commit: equal generations are equal contents.
    public let generation: Int

    /// Files of the inverted index. Together they have every image once, and `removed` ones besides. None in a collection
    /// without local features.
    public let invertedFiles: [InvertedFile]

    /// Files of global descriptors, in the same way.
    let descriptorFiles: [DescriptorFile]

    /// Deleted images that some of these files still have.
    public let removed: Set<ImageID>

    /// What made the features: at most one local extractor, first, and the global ones in the order of their parts of a
    /// descriptor. Empty in a collection without images.
    public let extractors: [ExtractorRecord]

    /// The number of images that can be found.
    public let imageCount: Int

    /// Digest of what made the records of local features; `nil` where there are none.
    public var extractorDigest: String? { localExtractor?.digest }

    /// The settings behind the digest.
    public var extractorConfigurationJSON: String? { localExtractor?.configurationJSON }

    private let database: DatabaseSnapshot
    private let segments: SegmentCache

    private var localExtractor: ExtractorRecord? { extractors.first { $0.kind == .local } }

    init(
        pool: DatabasePool, segments: SegmentCache, openFile: (IndexFileKind, String) throws -> any IndexFile
    ) throws {
        self.segments = segments
        database = try pool.makeSnapshot()
        let content = try database.read { database in
            (
                generation: try CollectionMeta.generation(database),
                names: try IndexFileKind.allCases.map { ($0, try $0.names(database)) },
                removed: try UInt32.fetchAll(database, sql: "SELECT image_id FROM removed_image"),
                extractors: try CollectionMeta.extractors(database)
            )
        }
        generation = content.generation
        let files = try content.names.flatMap { kind, names in try names.map { try openFile(kind, $0) } }
        let (inverted, descriptors) = (
            files.compactMap { $0 as? InvertedFile }, files.compactMap { $0 as? DescriptorFile }
        )
        invertedFiles = inverted
        descriptorFiles = descriptors
        removed = Set(content.removed.map { ImageID($0) })
        extractors = content.extractors
        // Either index has all images; a deleted one may be gone from the one and not yet from the other.
        let complete: [any IndexFile] = inverted.isEmpty ? descriptors : inverted
        let dead = removed.count { image in complete.contains { $0.contains(image) } }
        imageCount = complete.reduce(0) { $0 + $1.count } - dead
    }

    /// One image; `nil` when there is none with this number.
    public func image(_ id: ImageID) throws -> CollectionImage? { try images([id])[id] }

    /// Several images; those that the collection does not have are left out.
    public func images(_ ids: [ImageID]) throws -> [ImageID: CollectionImage] {
        var images: [ImageID: CollectionImage] = [:]
        // SQLite takes a limited number of arguments.
        for start in stride(from: 0, to: ids.count, by: 512) {
            let part = ids[start..<min(start + 512, ids.count)].map(\.rawValue)
            let marks = databaseQuestionMarks(count: part.count)
            try database.read { database in
                let found = try Row.fetchCursor(
                    database, sql: "\(CollectionImage.select) WHERE image.id IN (\(marks))",
                    arguments: StatementArguments(part))
                while let row = try found.next() {
                    let image = CollectionImage(row)
                    images[image.id] = image
                }
                let files = try Row.fetchCursor(
                    database, sql: "SELECT image_id, path FROM file WHERE image_id IN (\(marks)) ORDER BY path",
                    arguments: StatementArguments(part))
                while let row = try files.next() { images[ImageID(row[0])]?.paths.append(row[1]) }
            }
        }
        // Content that moves to another path in a run under way may be without one for a while.
        return images.filter { !$0.value.paths.isEmpty }
    }

    /// The image found under a path, absolute or below the working folder.
    public func imageID(atPath path: String) throws -> ImageID? {
        try database.read { database in
            try UInt32.fetchOne(
                database, sql: "SELECT image_id FROM file WHERE path = ?", arguments: [FilePaths.standardized(path)])
        }.map { ImageID($0) }
    }

    /// Calls `body` with every image in order of numbers, a portion at a time.
    public func forEachImage(_ body: (CollectionImage) throws -> Void) throws {
        var last: UInt32 = 0
        while true {
            let ids = try database.read { [last] database in
                try UInt32.fetchAll(
                    database, sql: "SELECT id FROM image WHERE id > ? ORDER BY id LIMIT 512", arguments: [last])
            }
            guard let final = ids.last else { return }
            last = final
            let images = try images(ids.map { ImageID($0) })
            for id in ids { if let image = images[ImageID(id)] { try body(image) } }
        }
    }

    /// The local features of an image, as its analyzer encoded them; `nil` when it was deleted meanwhile, or has none.
    public func record(of image: CollectionImage) throws -> MappedRecord? {
        guard let location = image.location, let segment = try segments.segment(for: location) else { return nil }
        if let extractorDigest, segment.header.digest != extractorDigest {
            throw CollectionError(
                .corrupted,
                "segment \(location.segment) was made by the extractor \(segment.header.digest), the collection by \(extractorDigest); index the photos into a new collection"
            )
        }
        return MappedRecord(segment: segment, location: location, image: image.id)
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result { try database.read(body) }
}
