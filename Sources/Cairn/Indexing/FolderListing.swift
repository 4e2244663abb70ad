import Glibc

/// The names in one folder, sorted bytewise as whole paths sort: a folder's name counts with the slash behind it.
///
/// Kept in one buffer: a folder may hold a million files.
struct FolderListing {
    /// What a name stands for.
    enum Kind: UInt8 {
        case file, folder, link, special

        init(mode: mode_t) {
            switch mode & S_IFMT {
            case S_IFREG: self = .file
            case S_IFDIR: self = .folder
            case S_IFLNK: self = .link
            default: self = .special
            }
        }
    }

    private var bytes: [UInt8] = []
    private var entries: [(start: UInt32, count: UInt16, kind: Kind)] = []
    private var position = 0

    /// Reads the names in `path`, without hidden ones. Throws the `errno` of what failed.
    init(path: [UInt8]) throws(Errno) {
        let stream = (path + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { $0.baseAddress.flatMap { opendir($0) } }
        }
        guard let stream else { throw Errno(code: errno) }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw Errno(code: errno) }
                break
            }
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
            let name = UnsafeRawPointer(entry) + offset
            let count = strlen(name.assumingMemoryBound(to: CChar.self))
            guard count > 0, name.load(as: UInt8.self) != UInt8(ascii: ".") else { continue }
            let kind: Kind
            switch Int(entry.pointee.d_type) {
            case Int(DT_REG): kind = .file
            case Int(DT_DIR): kind = .folder
            case Int(DT_LNK): kind = .link
            case Int(DT_UNKNOWN):
                var status = stat()
                let found = fstatat(
                    dirfd(stream), name.assumingMemoryBound(to: CChar.self), &status, AT_SYMLINK_NOFOLLOW)
                guard found == 0 else { continue }
                kind = Kind(mode: status.st_mode)
            default: kind = .special
            }
            entries.append((UInt32(bytes.count), UInt16(count), kind))
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: name, count: count))
            // The slash that a folder sorts with; behind every other name something below all characters.
            bytes.append(kind == .folder ? UInt8(ascii: "/") : 0)
        }
        bytes.withUnsafeBytes { bytes in
            entries.sort { left, right in
                let a = bytes[Int(left.start)..<Int(left.start) + Int(left.count) + 1]
                let b = bytes[Int(right.start)..<Int(right.start) + Int(right.count) + 1]
                return a.lexicographicallyPrecedes(b)
            }
        }
    }

    /// The next name and what it stands for.
    mutating func next() -> (name: ArraySlice<UInt8>, kind: Kind)? {
        guard position < entries.count else { return nil }
        let entry = entries[position]
        position += 1
        return (bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)], entry.kind)
    }

    /// A system call's failure.
    struct Errno: Error { var code: Int32 }
}
