import CairnCore
import CairnIndex
import GRDB
import Synchronization

/// A folder that holds what is known of many images, and survives whatever happens to the process that writes it.
///
/// Any number of processes may read while one writes: each operation that changes the collection takes its lock for as long
/// as it runs. Readers work on a `CollectionSnapshot`.
public final class ImageCollection: Sendable {
    /// The collection's folder.
    public var path: String { layout.root }

    let layout: CollectionLayout
    let limits: CollectionWriter.Limits
    let fault: FaultHook?
    private let pool: DatabasePool
    private let segments: SegmentCache
    private let indexFiles = Mutex<[String: any IndexFile]>([:])

    /// Opens a collection that exists. One of an older version is brought up to date first.
    ///
    /// - Throws: `CollectionError`: nothing there, not a collection, written by a newer version, no permission, damaged.
    public static func open(at path: String) throws -> ImageCollection {
        let layout = CollectionLayout(root: path)
        do {
            return try ImageCollection(layout: layout)
        } catch let error as CollectionError where error.kind == .unsupported {
            // An older version's is brought up to date, where it may be written; a newer one's is left alone.
            guard (try? CollectionWriter(layout: layout)) != nil else { throw error }
            return try ImageCollection(layout: layout)
        }
    }

    /// Opens a collection, and makes an empty one where there is none. Also finishes what a writer of an older version, or one
    /// that was stopped, left to do.
    ///
    /// - Throws: `CollectionError`, as `open(at:)`; also when the folder has something else in it.
    public static func openOrCreate(at path: String) throws -> ImageCollection {
        try openOrCreate(at: path, limits: .init(), fault: nil)
    }

    static func openOrCreate(
        at path: String, limits: CollectionWriter.Limits, fault: FaultHook?
    ) throws -> ImageCollection {
        let layout = CollectionLayout(root: path)
        do {
            return try ImageCollection(layout: layout, limits: limits, fault: fault)
        } catch let error as CollectionError where error.kind == .notFound || error.kind == .unsupported {
            try layout.createFolders()
            // Makes the database, or brings it up to date; fails with the better message where neither can be.
            _ = try CollectionWriter(layout: layout, limits: limits, fault: fault)
            return try ImageCollection(layout: layout, limits: limits, fault: fault)
        }
    }

    private init(layout: CollectionLayout, limits: CollectionWriter.Limits = .init(), fault: FaultHook? = nil) throws {
        self.layout = layout
        self.limits = limits
        self.fault = fault
        segments = SegmentCache(layout: layout)
        pool = try CollectionDatabase.openForReading(layout)
    }

    /// Grows with every commit, also those of other processes. Tells whether a snapshot is still the newest.
    public func generation() throws -> Int {
        do {
            return try pool.read { try CollectionMeta.generation($0) }
        } catch {
            throw CollectionError.translating(error, at: path)
        }
    }

    /// The collection as it is now. Opens only the index files that the last snapshot did not have.
    public func snapshot() throws -> CollectionSnapshot {
        var attempts = 0
        while true {
            do {
                let snapshot = try CollectionSnapshot(pool: pool, segments: segments) { kind, name in
                    let path = kind.path(name, in: layout)
                    if let open = indexFiles.withLock({ $0[path] }) { return open }
                    let file = try kind.open(path)
                    indexFiles.withLock { $0[path] = file }
                    return file
                }
                let current = Set(snapshot.invertedFiles.map(\.path) + snapshot.descriptorFiles.map(\.path))
                indexFiles.withLock { $0 = $0.filter { current.contains($0.key) } }
                return snapshot
            } catch let error as IndexError where error.kind == .notFound && attempts < 10 {
                // A merge replaced the file between reading its name and opening it; the next snapshot has the new name.
                attempts += 1
            } catch {
                throw CollectionError.translating(error, at: path)
            }
        }
    }

    /// Drops files, and whole folders, from the collection; the photos themselves are left alone.
    ///
    /// Takes effect at once: a snapshot made from now on has none of it, and the features' bytes are wiped.
    ///
    /// - Parameter paths: Paths as they were indexed, absolute or below the working folder.
    /// - Throws: `CollectionError` of kind `notFound` naming a path under which there is nothing; then nothing is removed.
    @discardableResult
    public func remove(_ paths: [String]) async throws -> RemovalReport {
        let writer = try CollectionWriter(layout: layout, limits: limits, fault: fault)
        return try await writer.remove(paths.map(FilePaths.standardized))
    }

    /// Adds the images below some paths, and brings those up to date that changed.
    ///
    /// May be stopped at any instant and run again: what was committed stays, and the end is the same as that of one run.
    /// When the task is cancelled, what is complete is committed, and the report says `isCancelled`.
    ///
    /// - Parameters:
    ///   - paths: Files and folders; folders with everything below them except hidden files.
    ///   - options: How to go about it.
    ///   - analyzer: What turns files into features; the same for all of a collection's life.
    ///   - progress: Called now and then, from any thread.
    /// - Throws: `CollectionError`: a path that does not exist, another writer, another extractor's collection, a full disk.
    ///   Files that cannot be used are no error, but in the report.
    public func index(
        _ paths: [String], options: IndexingOptions = .default, analyzer: any ImageAnalyzer,
        progress: (@Sendable (IndexingProgress) -> Void)? = nil
    ) async throws -> IndexingReport {
        try options.validate()
        let roots = paths.map(FilePaths.standardized)
        let writer = try CollectionWriter(layout: layout, limits: limits, fault: fault)
        let pipeline = IndexingPipeline(
            writer: writer, analyzer: analyzer, options: options, roots: roots, progress: progress)
        return try await pipeline.run()
    }
}
