import Glibc

/// The right to change a collection: held by one process at a time, released by the kernel when that process dies.
final class WriterLock: Sendable {
    private let file: PosixFile

    /// Takes the lock of the collection at `layout`, or says who has it.
    init(layout: CollectionLayout) throws {
        // Not in the property yet: whoever does not get the lock must not run `deinit`, which wipes the holder's number.
        let file = try PosixFile(path: layout.lock, flags: O_RDWR | O_CREAT)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw CollectionError.system("lock", layout.lock, errno: errno) }
            let text = String(decoding: try file.read(count: 32, at: 0), as: UTF8.self)
            let holder = Int32(text.prefix { $0.isNumber }).map { "process \($0)" } ?? "another process"
            throw CollectionError(
                .conflict, "\(holder) is writing to the collection at \(layout.root); wait until it is done")
        }
        // The number only serves the message above: a full disk must not keep anyone from removing images.
        try? file.resize(to: 0)
        let line = Array("\(getpid())\n".utf8)
        try? line.withUnsafeBytes { try file.write($0, at: 0) }
        self.file = file
    }

    deinit {
        ftruncate(file.descriptor, 0)
        // Not left to closing: a child that is being started has a copy of the descriptor for an instant, and with it the lock.
        flock(file.descriptor, LOCK_UN)
    }
}
