import CairnCore
import Glibc

/// What went wrong in reading, writing or combining vocabularies and inverted files.
public struct IndexError: CairnError {
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
    static func system(_ action: String, _ path: String, errno code: Int32) -> IndexError {
        let kind: ErrorKind =
            switch code {
            case ENOENT, ENOTDIR: .notFound
            case ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EFBIG: .resourceExhausted
            default: .failure
            }
        return IndexError(kind, "cannot \(action) \(path): \(String(cString: strerror(code)))")
    }

    /// A stored file that contradicts itself.
    static func corrupted(_ path: String, _ detail: String) -> IndexError {
        IndexError(.corrupted, "\(path) is damaged: \(detail); make it again")
    }
}
