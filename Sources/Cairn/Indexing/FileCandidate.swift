import CairnCore
import Crypto
import Glibc

/// What tells, without reading a file, that it is still the one that was indexed.
struct FileStamp: Sendable, Hashable {
    /// Bytes.
    var size: Int64
    /// Nanoseconds since 1970.
    var modified: Int64

    init(size: Int64, modified: Int64) {
        self.size = size
        self.modified = modified
    }

    init(_ status: stat) {
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }
}

/// A file that the walk found and that has to be read, because it is new or changed.
struct FileCandidate: Sendable {
    var path: String
    var stamp: FileStamp
    /// The image that the collection has for this path so far.
    var previous: ImageID?
}

/// The SHA-256 of a file's bytes: files with the same hash are one image.
struct ContentHash: Sendable, Hashable {
    var bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    init(of content: UnsafeRawBufferPointer) {
        var hash = SHA256()
        hash.update(bufferPointer: content)
        bytes = Array(hash.finalize())
    }
}

/// Why a file gave no image.
struct FileFailure: Sendable, Equatable {
    var kind: ErrorKind
    var message: String
    /// The reason may pass without the file being changed: a permission, a bad disk, no memory.
    var isTransient: Bool
}
