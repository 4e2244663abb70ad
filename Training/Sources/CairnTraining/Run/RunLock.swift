import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Keeps a second process from writing into a run's folder. Held as long as the object lives; a killed process gives it back.
final class RunLock {
    private let descriptor: Int32

    /// Takes the lock. Throws `TrainingError` where another process has it.
    init(_ folder: URL) throws {
        let path = folder.appendingPathComponent(".lock").path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = descriptor >= 0 && errno == EWOULDBLOCK
            if descriptor >= 0 { close(descriptor) }
            throw TrainingError(
                isHeld ? .conflict : .failure,
                isHeld
                    ? "another process trains in \(folder.path); wait for it, or end it"
                    : "\(path) cannot be locked: \(String(cString: strerror(errno))); check permissions and the file system"
            )
        }
    }

    deinit { close(descriptor) }
}
