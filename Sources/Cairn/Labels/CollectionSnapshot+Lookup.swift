import CairnCore
import GRDB

/// What a name that someone wrote stands for in a collection.
public enum ImageLookup: Hashable, Sendable {
    /// One image.
    case found(ImageID)
    /// None.
    case missing
    /// Several, of which these are two files.
    case ambiguous(String, String)
}

extension CollectionSnapshot {
    /// Finds images by what people write.
    ///
    /// Each text is tried as a path, absolute or below `folder`; then, if it has no slash, as the name of a file, with its
    /// suffix or without, wherever it is, provided that all files of that name have the same content.
    ///
    /// - Complexity: O(texts) while all are paths, else one pass over the collection's files besides.
    public func find(_ texts: [String], relativeTo folder: String) throws -> [ImageLookup] {
        try read { database in
            let find = try database.cachedStatement(sql: "SELECT image_id FROM file WHERE path = ?")
            var names: [String: ImageLookup] = [:]
            let paths = try texts.map { text -> ImageLookup? in
                let path = FilePaths.standardized(text.utf8.first == UInt8(ascii: "/") ? text : folder + "/" + text)
                if let image = try UInt32.fetchOne(find, arguments: [path]) { return .found(ImageID(image)) }
                if !text.isEmpty, !text.utf8.contains(UInt8(ascii: "/")) { names[text] = .missing }
                return nil
            }
            if !names.isEmpty { try Self.find(&names, database) }
            return zip(texts, paths).map { text, path in path ?? names[text] ?? .missing }
        }
    }

    /// The collection's files at a path or below it, with their images, in bytewise order of paths.
    public func files(atOrBelow path: String) throws -> [(path: String, image: ImageID)] {
        let path = FilePaths.standardized(path)
        let (first, end) = FilePaths.descendants(of: path)
        return try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT path, image_id FROM file WHERE path = ? OR (path >= ? AND path < ?) ORDER BY path",
                arguments: [path, first, end]
            ).map { ($0[0], ImageID($0[1])) }
        }
    }

    /// Fills in which files have the names that `names` asks for. A whole name goes before one without its suffix.
    private static func find(_ names: inout [String: ImageLookup], _ database: Database) throws {
        var (whole, stems): ([String: Match], [String: Match]) = ([:], [:])
        let files = try Row.fetchCursor(database, sql: "SELECT path, image_id FROM file ORDER BY path")
        while let row = try files.next() {
            let path: String = row[0]
            guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { continue }
            let name = path[path.utf8.index(after: slash)...]
            let image = ImageID(row[1])
            if names[String(name)] != nil { whole[String(name), default: Match(image, path)].add(image, path) }
            guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { continue }
            let stem = String(name[..<dot])
            if names[stem] != nil { stems[stem, default: Match(image, path)].add(image, path) }
        }
        for name in names.keys { names[name] = (whole[name] ?? stems[name])?.lookup ?? .missing }
    }

    /// The first file of a name, and the first with another content.
    private struct Match {
        let image: ImageID
        let path: String
        var other: String?

        init(_ image: ImageID, _ path: String) { (self.image, self.path) = (image, path) }

        mutating func add(_ image: ImageID, _ path: String) {
            if other == nil, image != self.image { other = path }
        }

        var lookup: ImageLookup { other.map { .ambiguous(path, $0) } ?? .found(image) }
    }
}
