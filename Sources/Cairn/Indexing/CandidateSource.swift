import CairnCore
import GRDB

/// Walks the folders and compares what is there with what the collection has, on a thread of its own.
actor CandidateSource {
    /// What a stretch of the walk came by.
    struct Portion: Sendable {
        /// Files to be read, and files and folders that cannot be, in the order of the walk.
        var items: [Item] = []
        var unchanged = 0
        var knownFailures = 0
        var isLast = false
    }

    enum Item: Sendable {
        case candidate(FileCandidate)
        case failure(FileCandidate, FileFailure)
    }

    private let pool: DatabasePool
    private let retriesFailures: Bool
    private let maximumFileSize: Int64
    private var walk: FileWalk
    private let executor = SingleThreadExecutor(name: "cairn-walk")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(pool: DatabasePool, roots: [String], excluding: String, options: IndexingOptions) {
        self.pool = pool
        retriesFailures = options.retryFailures
        maximumFileSize = options.maximumFileSize
        walk = FileWalk(roots: roots, excluding: excluding)
    }

    /// The next stretch.
    func next() throws -> Portion {
        var portion = Portion()
        var found: [FileWalk.Item] = []
        while found.count < 256 {
            guard let item = walk.next() else {
                portion.isLast = true
                break
            }
            found.append(item)
        }
        try pool.read { database in
            let files = try database.cachedStatement(sql: "SELECT size, modified_ns, image_id FROM file WHERE path = ?")
            let failures = try database.cachedStatement(
                sql: "SELECT size, modified_ns, is_transient FROM failure WHERE path = ?")
            for item in found {
                let (path, stamp, reason) =
                    switch item {
                    case .file(let path, let stamp): (path, stamp, nil as FileFailure?)
                    case .failure(let path, let stamp, let failure): (path, stamp, failure)
                    }
                let file = try Row.fetchOne(files, arguments: [path])
                let previous = file.map { ImageID($0[2] as UInt32) }
                if reason == nil, let file, FileStamp(size: file[0], modified: file[1]) == stamp {
                    portion.unchanged += 1
                    continue
                }
                if !retriesFailures, reason?.isTransient != true,
                    let failure = try Row.fetchOne(failures, arguments: [path]), !(failure[2] as Bool),
                    FileStamp(size: failure[0], modified: failure[1]) == stamp
                {
                    portion.knownFailures += 1
                    continue
                }
                let candidate = FileCandidate(path: path, stamp: stamp, previous: previous)
                if let reason = reason ?? tooLarge(stamp) {
                    portion.items.append(.failure(candidate, reason))
                } else {
                    portion.items.append(.candidate(candidate))
                }
            }
        }
        return portion
    }

    private func tooLarge(_ stamp: FileStamp) -> FileFailure? {
        guard stamp.size > maximumFileSize else { return nil }
        return FileFailure(
            kind: .limitExceeded, message: "it has \(stamp.size) bytes, more than the limit of \(maximumFileSize)",
            isTransient: false)
    }
}
