import Glibc

/// Paths as the collection stores them: absolute, in one spelling.
enum FilePaths {
    /// Makes `path` absolute and takes out "." and ".." and doubled slashes, by its letters alone: links are not resolved,
    /// so that the path of a file that is gone still finds what was stored for it.
    static func standardized(_ path: String) -> String {
        // Bytes, not characters: a combining mark behind a slash must not swallow the slash.
        var parts: [Substring.UTF8View] = []
        let whole = path.utf8.first == slash ? path : workingFolder + "/" + path
        for part in whole.utf8.split(separator: slash) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return "/" + parts.map { String(Substring($0)) }.joined(separator: "/")
    }

    /// The folder that holds `path`, an absolute one.
    static func parent(of path: String) -> String {
        guard let last = path.utf8.lastIndex(of: slash), last != path.utf8.startIndex else { return "/" }
        return String(path[..<last])
    }

    /// Bytewise order, which is also the database's.
    static func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

    /// The range [first, end) of strings that are paths below the folder `path`, in bytewise order.
    static func descendants(of path: String) -> (first: String, end: String) {
        // "0" is the character behind "/".
        path == "/" ? ("/", "0") : (path + "/", path + "0")
    }

    /// Whether `path` is `folder` or lies below it.
    static func isPath(_ path: String, inside folder: String) -> Bool {
        path.utf8.elementsEqual(folder.utf8) || path.utf8.starts(with: (folder == "/" ? "/" : folder + "/").utf8)
    }

    private static let slash = UInt8(ascii: "/")

    private static var workingFolder: String {
        guard let buffer = getcwd(nil, 0) else { return "/" }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}
