import CairnCore
import GRDB
import Glibc

/// What went wrong in opening, reading or changing a collection, or in searching it.
public struct CollectionError: CairnError {
    /// What a caller acts on.
    public var kind: ErrorKind

    /// What happened, to what, and what to do about it.
    public var message: String

    /// The error underneath, where there is one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    /// The system call that just failed on `path`: its `errno` decides the kind.
    static func system(_ action: String, _ path: String, errno code: Int32) -> CollectionError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOENT, ENOTDIR:
            return CollectionError(.notFound, "cannot \(action) \(path): \(reason)")
        case ENOSPC, EDQUOT, EFBIG:
            return CollectionError(
                .resourceExhausted,
                "cannot \(action) \(path): \(reason); make room and run again, what was committed before is safe")
        case ENOMEM, EMFILE, ENFILE:
            return CollectionError(.resourceExhausted, "cannot \(action) \(path): \(reason)")
        case EACCES, EPERM, EROFS:
            return CollectionError(.failure, "cannot \(action) \(path): \(reason); check the permissions")
        default:
            return CollectionError(.failure, "cannot \(action) \(path): \(reason)")
        }
    }

    /// Stored data of the collection at `path` that contradicts itself.
    static func corrupted(_ path: String, _ detail: String) -> CollectionError {
        CollectionError(
            .corrupted,
            "\(path) is damaged: \(detail); restore it from a backup or index the photos into a new collection")
    }

    /// Puts a database error about the collection at `path` into words; every other error passes as it is.
    static func translating(_ error: any Error, at path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        switch (error.resultCode, error.extendedResultCode) {
        case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_WRITE), (_, .SQLITE_IOERR_SHMSIZE):
            return CollectionError(
                .resourceExhausted,
                "cannot write to the collection at \(path): the disk is full or failing; make room and run again, what was committed before is safe",
                cause: error)
        case (.SQLITE_CORRUPT, _), (.SQLITE_NOTADB, _):
            return CollectionError(
                .corrupted,
                "the database of the collection at \(path) is damaged; restore it from a backup or index the photos into a new collection",
                cause: error)
        case (.SQLITE_BUSY, _), (.SQLITE_LOCKED, _):
            return CollectionError(
                .conflict, "the collection at \(path) is in use by another process; try again", cause: error)
        case (.SQLITE_NOMEM, _):
            return CollectionError(.resourceExhausted, "out of memory in the collection at \(path)", cause: error)
        case (.SQLITE_CANTOPEN, _), (.SQLITE_READONLY, _), (.SQLITE_PERM, _):
            return CollectionError(
                .failure, "cannot open or write the collection at \(path); check the permissions", cause: error)
        default:
            return CollectionError(.failure, "the database of the collection at \(path) failed", cause: error)
        }
    }
}
