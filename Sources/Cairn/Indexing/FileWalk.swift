import CairnCore
import Glibc

/// The files below some paths, in bytewise order of their paths, found while going: memory for one branch of the tree.
///
/// Hidden files, devices, pipes and links to folders are passed over, so a walk always ends. Links to files count as files.
/// A path given by name is taken as it is: it may be hidden or a link.
struct FileWalk {
    /// What the walk came by.
    enum Item: Sendable, Equatable {
        case file(path: String, stamp: FileStamp)
        case failure(path: String, stamp: FileStamp, FileFailure)
    }

    private let excluded: FolderIdentity?
    private var roots: ArraySlice<String>
    private var folders: [(path: [UInt8], listing: FolderListing)] = []
    private let examinesFiles: Bool

    private struct FolderIdentity: Equatable {
        var device: dev_t
        var inode: ino_t
        init(_ status: stat) { (device, inode) = (status.st_dev, status.st_ino) }
    }

    /// - Parameters:
    ///   - roots: Absolute standardised paths.
    ///   - excluding: A folder that is passed over: the collection's own.
    ///   - examinesFiles: Whether files' stamps are read; without it, a walk only serves to count.
    init(roots: [String], excluding: String, examinesFiles: Bool = true) {
        self.roots = Self.withoutRepetition(roots)[...]
        self.examinesFiles = examinesFiles
        var status = stat()
        excluded = stat(excluding, &status) == 0 ? FolderIdentity(status) : nil
    }

    /// Sorts paths and leaves out those that the walk of another one comes by.
    static func withoutRepetition(_ paths: [String]) -> [String] {
        var kept: [String] = []
        // Bytes, because equal strings may be different names.
        var folders: Set<[UInt8]> = []
        for path in paths.sorted(by: FilePaths.precedes) {
            let bytes = Array(path.utf8)
            var ancestor = path
            var isCovered = folders.contains(bytes)
            while !isCovered, ancestor != "/" {
                // A hidden part keeps the walk of a folder above from getting here; so does a link.
                var status = stat()
                let name = ancestor.utf8.dropFirst(FilePaths.parent(of: ancestor).utf8.count)
                let isHidden = name.drop { $0 == UInt8(ascii: "/") }.first == UInt8(ascii: ".")
                if isHidden || lstat(ancestor, &status) == 0 && FolderListing.Kind(mode: status.st_mode) == .link {
                    break
                }
                ancestor = FilePaths.parent(of: ancestor)
                isCovered = folders.contains(Array(ancestor.utf8))
            }
            if !isCovered {
                kept.append(path)
                folders.insert(bytes)
            }
        }
        return kept
    }

    /// The next file, or a file or folder that cannot be used; `nil` at the end.
    mutating func next() -> Item? {
        while true {
            if folders.isEmpty {
                guard let root = roots.popFirst() else { return nil }
                if let item = visit(Array(root.utf8), nil, isRoot: true) { return item }
                continue
            }
            guard let (name, kind) = folders[folders.count - 1].listing.next() else {
                folders.removeLast()
                continue
            }
            let folder = folders[folders.count - 1].path
            let path = (folder == [UInt8(ascii: "/")] ? folder : folder + [UInt8(ascii: "/")]) + name
            if let item = visit(path, kind, isRoot: false) { return item }
        }
    }

    /// Counts the files that a walk of the same paths comes by, without examining them.
    static func count(roots: [String], excluding: String, isCancelled: () -> Bool) -> Int? {
        var walk = FileWalk(roots: roots, excluding: excluding, examinesFiles: false)
        var count = 0
        while walk.next() != nil {
            count += 1
            if count % 1024 == 0 && isCancelled() { return nil }
        }
        return count
    }

    private mutating func visit(_ path: [UInt8], _ kind: FolderListing.Kind?, isRoot: Bool) -> Item? {
        guard kind != .special else { return nil }
        guard let name = String(validating: path, as: UTF8.self) else {
            return .failure(
                path: String(decoding: path, as: UTF8.self), stamp: FileStamp(size: 0, modified: 0),
                FileFailure(
                    kind: .unsupported, message: "its name is not valid UTF-8; rename it", isTransient: false))
        }
        if kind == .file && !examinesFiles { return .file(path: name, stamp: FileStamp(size: 0, modified: 0)) }
        var status = stat()
        guard (isRoot ? stat(name, &status) : lstat(name, &status)) == 0 else { return unreadable(name, errno) }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard stat(name, &status) == 0 else {
                return .failure(
                    path: name, stamp: FileStamp(size: 0, modified: 0),
                    FileFailure(kind: .notFound, message: "it is a link to nothing", isTransient: false))
            }
            if status.st_mode & S_IFMT == S_IFDIR { return nil }
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            return .file(path: name, stamp: FileStamp(status))
        case S_IFDIR:
            if FolderIdentity(status) == excluded { return nil }
            do {
                folders.append((path, try FolderListing(path: path)))
            } catch {
                return unreadable(name, error.code)
            }
            return nil
        default:
            guard isRoot else { return nil }
            return .failure(
                path: name, stamp: FileStamp(status),
                FileFailure(kind: .invalidInput, message: "it is neither a file nor a folder", isTransient: true))
        }
    }

    /// A file or folder that went away during the walk is passed over; one that may not be read is reported.
    private func unreadable(_ path: String, _ code: Int32) -> Item? {
        if code == ENOENT || code == ENOTDIR { return nil }
        return .failure(
            path: path, stamp: FileStamp(size: 0, modified: 0),
            FileFailure(
                kind: .failure, message: "cannot be read: \(String(cString: strerror(code)))", isTransient: true))
    }
}
