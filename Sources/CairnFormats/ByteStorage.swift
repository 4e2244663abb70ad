import Glibc

/// Immutable bytes at a fixed address: a mapped file, or memory of their own. Arrays share it and keep it alive.
public final class ByteStorage: @unchecked Sendable {
    // Unchecked: the bytes are never written after `init`.

    private enum Origin { case mapping, allocation }

    /// Where the bytes are. Valid only as long as this object lives; go through `ByteSlice.withUnsafeBytes`.
    let bytes: UnsafeRawBufferPointer

    /// Where the bytes came from, for messages: a path, or "the data".
    public let source: String

    private let origin: Origin

    /// Maps the regular file at `path` for reading. Nothing is read yet: the system pages it in on demand and drops it
    /// under pressure. The file must not be shortened while it is in use.
    public init(mapping path: String) throws(FormatError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FormatError.system("open", path, errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FormatError.system("examine", path, errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FormatError(.invalidInput, "\(path) is not a file; give the path of a file")
        }
        let count = Int(status.st_size)
        source = path
        origin = .mapping
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw FormatError.system("map", path, errno: errno)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Takes a copy of bytes in memory, aligned for every element type.
    public init(copying content: some Collection<UInt8>, source: String = "the data") {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
        copy.copyBytes(from: content)
        bytes = UnsafeRawBufferPointer(copy)
        self.source = source
        origin = .allocation
    }

    /// Takes a copy of memory that holds elements of some trivial type.
    convenience init<Element: BitwiseCopyable>(copying elements: [Element]) {
        self.init(elements)
    }

    private init<Element: BitwiseCopyable>(_ elements: [Element]) {
        let size = elements.count * MemoryLayout<Element>.stride
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        elements.withUnsafeBytes { copy.copyMemory(from: $0) }
        bytes = UnsafeRawBufferPointer(copy)
        source = "the data"
        origin = .allocation
    }

    /// All of it.
    public var all: ByteSlice { ByteSlice(storage: self, range: 0..<bytes.count) }

    deinit {
        switch origin {
        case .mapping:
            if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
        case .allocation:
            bytes.deallocate()
        }
    }
}
