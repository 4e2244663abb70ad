import CairnCore

/// What became of the files of an indexing run.
public struct IndexingReport: Sendable, Codable, Equatable {
    /// A file that gave no image.
    public struct Failure: Sendable, Codable, Equatable {
        /// Where the file lies.
        public var path: String
        /// What a caller acts on.
        public var kind: ErrorKind
        /// What is wrong with the file.
        public var reason: String
    }

    /// New files whose content the collection did not have.
    public var added = 0
    /// New files whose content it had under a path where there is nothing any more: features kept, old path dropped.
    public var moved = 0
    /// New files whose content it has under another path too.
    public var duplicates = 0
    /// Known files with new content.
    public var changed = 0
    /// Files that are as they were.
    public var unchanged = 0
    /// Files that were dropped because they are gone; only when asked to.
    public var removed = 0
    /// Files that gave no image, each with its reason, in bytewise order of paths.
    public var failures: [Failure] = []
    /// Files that failed in an earlier run, which reported them, and are as they were.
    public var knownFailures = 0
    /// The run was cancelled before it saw every file. What it did is kept.
    public var isCancelled = false
    /// How long the run took.
    public var seconds = 0.0
    /// Files read in a second.
    public var imagesPerSecond = 0.0

    /// Makes an empty report.
    public init() {}

    /// Files that were looked at.
    public var fileCount: Int { readCount + unchanged + knownFailures }

    /// Files that were read: all but those that are as they were.
    public var readCount: Int { added + moved + duplicates + changed + failures.count }
}

/// How far an indexing run is.
public struct IndexingProgress: Sendable, Equatable {
    /// Files dealt with, unchanged ones included.
    public var done: Int
    /// Files that there are; `nil` until they are counted, which goes on beside the work.
    public var total: Int?
    /// Files that were read so far: what takes the time.
    public var read: Int
    /// Files that gave no image.
    public var failed: Int
}
