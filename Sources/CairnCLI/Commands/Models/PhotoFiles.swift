import CairnTerminal
import Foundation

/// Photos as commands are given them: files by name, and folders with everything below them.
enum PhotoFiles {
    /// Endings of names that are looked for in folders.
    private static let extensions: Set = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "gif"]

    /// Files as they are, and in place of each folder its photos.
    ///
    /// Throws `CommandError` for what is not there, and for a folder without photos.
    static func expanded(_ paths: [String]) throws -> [String] {
        try paths.flatMap { path in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CommandError(kind: .notFound, message: "there is no file or folder \(path)")
            }
            guard isFolder.boolValue else { return [path] }
            let photos = below(path)
            guard !photos.isEmpty else {
                throw CommandError(kind: .invalidInput, message: "there is no photo in \(path)")
            }
            return photos
        }
    }

    /// The photos below a folder in bytewise order of their paths; hidden files and folders are passed over.
    static func below(_ folder: String) -> [String] {
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return
            names
            .filter { name in
                extensions.contains((name as NSString).pathExtension.lowercased())
                    && !name.split(separator: "/").contains { $0.hasPrefix(".") }
            }
            .map { base + $0 }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
