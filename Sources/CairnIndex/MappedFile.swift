import Glibc

/// A whole file mapped for reading. The operating system pages it in on demand and drops it under pressure.
///
/// The file must stay as it is while mapped: the module's files are written once, under another name, then renamed.
final class MappedFile: @unchecked Sendable {
    // Unchecked: the pages are mapped read-only, and `bytes` never changes after `init`.

    /// The file's content, mapped for as long as this object lives. The compiler may end that life after its last
    /// mention, so whoever holds it in a local variable goes through `withBytes`.
    let bytes: UnsafeRawBufferPointer

    /// Where the file was found, for messages.
    let path: String

    /// Maps the regular file at `path`.
    init(path: String) throws(IndexError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw IndexError.system("open", path, errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw IndexError.system("examine", path, errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw IndexError(.invalidInput, "\(path) is not a file; give the path of a file")
        }
        let count = Int(status.st_size)
        self.path = path
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
            throw IndexError.system("map", path, errno: errno)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Calls `body` with the content and keeps it mapped until then.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(IndexError) -> Result
    ) throws(IndexError) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}
