/// How an indexing run goes about its work. Nothing here changes what is stored of an image.
public struct IndexingOptions: Sendable, Equatable {
    /// Drops files below the given paths that are gone.
    public var prune: Bool

    /// Tries files again that failed before, though they are as they were.
    public var retryFailures: Bool

    /// Threads that read and analyse; 0 stands for one a core.
    public var threads: Int

    /// A larger file is not read, but reported. Bytes; as many as this a thread may be in memory.
    public var maximumFileSize: Int64

    /// Images after which a batch is committed. A kill loses at most what was done since the last commit.
    public var batchSize: Int

    /// Seconds after which a batch is committed, whatever its size.
    public var batchSeconds: Double

    /// Sets what differs from `.default`.
    public init(
        prune: Bool = false, retryFailures: Bool = false, threads: Int = 0, maximumFileSize: Int64 = 512 << 20,
        batchSize: Int = 128, batchSeconds: Double = 5
    ) {
        self.prune = prune
        self.retryFailures = retryFailures
        self.threads = threads
        self.maximumFileSize = maximumFileSize
        self.batchSize = batchSize
        self.batchSeconds = batchSeconds
    }

    /// Add and update; one thread a core; batches of 128 images or 5 seconds.
    public static let `default` = IndexingOptions()

    /// Throws unless every option is in its range.
    func validate() throws {
        guard threads >= 0, threads <= 1024, maximumFileSize > 0, batchSize >= 1, batchSize <= 65_536, batchSeconds >= 0
        else {
            throw CollectionError(
                .invalidArgument,
                "indexing needs 0 ≤ threads ≤ 1024, maximumFileSize > 0, 1 ≤ batchSize ≤ 65536, batchSeconds ≥ 0, not \(self)"
            )
        }
    }
}
