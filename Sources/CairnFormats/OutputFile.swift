import Glibc

/// A file that appears under its name when it is complete, or not at all.
struct OutputFile: ~Copyable {
    let path: String
    private let partialPath: String
    private let descriptor: Int32
    private var isCommitted = false

    /// Creates a neighbour of `path` to write to.
    init(path: String) throws(FormatError) {
        var template = Array("\(path).partial-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw FormatError.system("create", path, errno: errno) }
        // mkstemp makes a private file; what replaces `path` gets the rights that any new file would.
        let mask = umask(0)
        umask(mask)
        fchmod(descriptor, 0o666 & ~mask)
        self.path = path
        partialPath = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    /// Appends all of `bytes`.
    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw FormatError.system("write", path, errno: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Appends all of `bytes`.
    func write(_ bytes: [UInt8]) throws(FormatError) {
        let result: Result<Void, FormatError> = bytes.withUnsafeBytes { raw in
            Result { () throws(FormatError) in try write(raw) }
        }
        try result.get()
    }

    /// Replaces the beginning of the file.
    func rewriteStart(_ bytes: [UInt8]) throws(FormatError) {
        let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == bytes.count else { throw FormatError.system("write", path, errno: errno) }
    }

    /// Makes the file durable and gives it its name.
    mutating func commit() throws(FormatError) {
        guard fsync(descriptor) == 0 else { throw FormatError.system("write", path, errno: errno) }
        guard rename(partialPath, path) == 0 else { throw FormatError.system("name", path, errno: errno) }
        isCommitted = true
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(partialPath) }
    }
}
