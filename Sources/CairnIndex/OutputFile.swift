import Glibc

/// A file that appears under its name complete, or not at all.
///
/// Bytes go to a temporary name beside it; `commit()` flushes them to the disk and renames. An uncommitted file is
/// removed.
final class OutputFile {
    private let path: String
    private let temporaryPath: String
    private var descriptor: Int32

    /// Creates the temporary file.
    init(path: String) throws(IndexError) {
        self.path = path
        temporaryPath = "\(path).\(getpid()).partial"
        descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw IndexError.system("create", path, errno: errno) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(temporaryPath)
    }

    /// Writes all of `bytes` at `offset` from the start.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(IndexError) {
        var done = 0
        while done < bytes.count {
            let part = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let written = pwrite(descriptor, part.baseAddress, part.count, off_t(offset + done))
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw IndexError.system("write", path, errno: written == 0 ? ENOSPC : errno) }
            done += written
        }
    }

    /// Sets the length; a part never written reads as zeros.
    func resize(to byteCount: Int) throws(IndexError) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw IndexError.system("write", path, errno: errno) }
    }

    /// What was written so far, mapped for reading.
    func written() throws(IndexError) -> MappedFile { try MappedFile(path: temporaryPath) }

    /// Makes the file durable and gives it its name, replacing a file that has it.
    func commit() throws(IndexError) {
        guard fsync(descriptor) == 0 else { throw IndexError.system("write", path, errno: errno) }
        guard rename(temporaryPath, path) == 0 else { throw IndexError.system("create", path, errno: errno) }
        close(descriptor)
        descriptor = -1
        // The new name is durable only once its directory is.
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw IndexError.system("open", directory, errno: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw IndexError.system("write", directory, errno: errno) }
    }
}

/// One region of an `OutputFile`, filled from its start through a buffer, so that several regions grow side by side.
struct OutputSection {
    private let file: OutputFile
    private var offset: Int
    private var buffer: [UInt8] = []
    private let capacity: Int

    /// A region that begins at `offset`.
    init(of file: OutputFile, at offset: Int, bufferSize: Int = 1 << 18) {
        self.file = file
        self.offset = offset
        capacity = bufferSize
        buffer.reserveCapacity(bufferSize)
    }

    /// Adds bytes behind what is there.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(IndexError) {
        if buffer.count + bytes.count > capacity { try flush() }
        if bytes.count >= capacity {
            try file.write(bytes, at: offset)
            offset += bytes.count
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// Adds an integer, least significant byte first.
    mutating func append<Value: FixedWidthInteger>(_ value: Value) throws(IndexError) {
        if buffer.count + MemoryLayout<Value>.size > capacity { try flush() }
        withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
    }

    /// Hands everything on to the file.
    mutating func flush() throws(IndexError) {
        let pending = buffer
        guard !pending.isEmpty else { return }
        buffer.removeAll(keepingCapacity: true)
        let target = file
        let start = offset
        try pending.withUnsafeBufferPointer { (bytes) throws(IndexError) in
            try target.write(UnsafeRawBufferPointer(bytes), at: start)
        }
        offset += pending.count
    }
}
