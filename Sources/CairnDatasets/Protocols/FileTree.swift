import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a path leads to, links followed.
enum PathKind {
    case file, folder, other, nothing

    init(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            self = .nothing
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        default: self = .other
        }
    }
}

/// Files below a folder, found without a look at each: a million names in a second or two.
enum FileTree {
    /// Paths of the files whose names end in one of `suffixes` (lower case, without the dot), relative to `folder` and sorted
    /// by their bytes. Links to files count, links to folders below the first are not followed, hidden entries are skipped.
    static func files(below folder: URL, suffixes: Set<String> = FolderDataset.imageSuffixes) throws -> [String] {
        var found: [String] = []
        try walk(folder.path, relative: "", suffixes: suffixes, into: &found)
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Names of everything in a folder that is not hidden, unsorted.
    static func names(in folder: URL) throws -> [String] { try entries(of: folder.path).map(\.name) }

    private static func walk(
        _ folder: String, relative: String, suffixes: Set<String>, into found: inout [String]
    ) throws {
        for (name, type) in try entries(of: folder) {
            let path = folder + "/" + name
            var isFolder = Int32(type) == Int32(DT_DIR)
            var isFile = Int32(type) == Int32(DT_REG)
            if Int32(type) == Int32(DT_LNK) {
                isFile = PathKind(path) != .folder
            } else if !isFolder, !isFile {
                // Some file systems do not say.
                let kind = PathKind(path)
                (isFolder, isFile) = (kind == .folder, kind == .file)
            }
            if isFolder {
                try walk(path, relative: relative + name + "/", suffixes: suffixes, into: &found)
            } else if isFile, let dot = name.lastIndex(of: "."),
                suffixes.contains(name[name.index(after: dot)...].lowercased())
            {
                found.append(relative + name)
            }
        }
    }

    private static func entries(of folder: String) throws -> [(name: String, type: UInt8)] {
        guard let stream = opendir(folder) else {
            let reason = String(cString: strerror(errno))
            throw DatasetError(.failure, "\(folder) cannot be listed: \(reason)")
        }
        defer { closedir(stream) }
        var entries: [(name: String, type: UInt8)] = []
        while let entry = readdir(stream) {
            // Through the entry's own address: a copy of the structure may be shorter than its name.
            let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if !name.hasPrefix(".") { entries.append((name, UInt8(entry.pointee.d_type))) }
        }
        return entries
    }
}

extension String {
    /// The name of the file at this path, without its suffix.
    var fileStem: String {
        let name = split(separator: "/").last ?? Substring(self)
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return String(name) }
        return String(name[..<dot])
    }
}
