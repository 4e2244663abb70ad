import Glibc

/// An open file: the few calls the store makes, with errors that name the file.
final class PosixFile: Sendable {
    /// The descriptor, open as long as this object lives.
    let descriptor: Int32

    /// Where the file was found, for messages.
    let path: String

    /// Opens `path` with the flags of open(2); a file that this creates is readable by all.
    init(path: String, flags: Int32) throws {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CollectionError.system(flags & O_CREAT != 0 ? "create" : "open", path, errno: errno)
        }
    }

    deinit { close(descriptor) }

    /// Type, size and times.
    func status() throws -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw CollectionError.system("examine", path, errno: errno) }
        return status
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        var done = 0
        while done < bytes.count {
            let part = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let written = pwrite(descriptor, part.baseAddress, part.count, off_t(offset) + off_t(done))
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else {
                throw CollectionError.system("write", path, errno: written == 0 ? ENOSPC : errno)
            }
            done += written
        }
    }

    /// Reads up to `count` bytes from `offset`; fewer at the end of the file.
    func read(count: Int, at offset: Int64) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + done }, count - done, off_t(offset) + off_t(done))
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw CollectionError.system("read", path, errno: errno) }
            if got == 0 { break }
            done += got
        }
        bytes.removeLast(count - done)
        return bytes
    }

    /// Sets the file's length.
    func resize(to length: Int64) throws {
        guard ftruncate(descriptor, off_t(length)) == 0 else {
            throw CollectionError.system("resize", path, errno: errno)
        }
    }

    /// Waits until content and length are on the disk.
    func synchronize() throws {
        guard fsync(descriptor) == 0 else { throw CollectionError.system("write", path, errno: errno) }
    }

    /// Makes the names in a folder durable.
    static func synchronizeFolder(_ path: String) throws {
        try PosixFile(path: path, flags: O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Creates a folder and those above it; one that exists is left as it is.
    static func createFolder(_ path: String) throws {
        guard mkdir(path, 0o755) != 0 else { return }
        switch errno {
        case EEXIST:
            var status = stat()
            guard stat(path, &status) == 0 else { throw CollectionError.system("open", path, errno: errno) }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw CollectionError(.invalidArgument, "\(path) is a file; a collection needs a folder")
            }
        case ENOENT:
            let parent = FilePaths.parent(of: path)
            guard parent != "/" else { throw CollectionError.system("create", path, errno: ENOENT) }
            try createFolder(parent)
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
                throw CollectionError.system("create", path, errno: errno)
            }
        case let code:
            throw CollectionError.system("create", path, errno: code)
        }
    }

    /// Names in a folder, without "." and "..", sorted; `nil` when there is no such folder.
    static func names(in path: String) throws -> [String]? {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return nil }
            if errno == ENOTDIR {
                throw CollectionError(.invalidArgument, "\(path) is a file; a collection needs a folder")
            }
            throw CollectionError.system("read", path, errno: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Deletes a file; one that is gone already is fine.
    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw CollectionError.system("delete", path, errno: errno) }
    }

    /// Whether there is certainly nothing under `path`. A folder that may not be read gives no certainty.
    static func isMissing(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }
}
