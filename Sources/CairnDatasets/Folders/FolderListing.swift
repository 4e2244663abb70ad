import Foundation

/// What lies under a dataset's root: class folders, their images, and what is none.
struct FolderListing {
    /// Class folders' names, sorted, without the distractors' folder.
    private(set) var classes: [String] = []
    /// Images, sorted by path.
    private(set) var images: [FolderDataset.Image] = []
    /// Relative paths of everything left aside, sorted.
    private(set) var ignored: [String] = []

    /// Walks the root. Links to class folders are followed; links to folders inside them are not.
    init(root: URL) throws {
        guard FileEntry(root, followingLinks: true) == .folder else {
            throw DatasetError(.notFound, "\(root.path) is not a folder: give the folder that holds one folder a class")
        }
        for name in try Self.entries(of: root) {
            let url = root.appendingPathComponent(name)
            guard FileEntry(url, followingLinks: true) == .folder else {
                ignored.append(name)
                continue
            }
            let isDistractor = name == FolderDataset.distractorFolder
            if !isDistractor { classes.append(name) }
            try walk(url, relative: name, className: isDistractor ? nil : name)
        }
        images.sort { $0.path < $1.path }
        ignored.sort()
    }

    private mutating func walk(_ folder: URL, relative: String, className: String?) throws {
        for name in try Self.entries(of: folder) {
            let url = folder.appendingPathComponent(name)
            let path = relative + "/" + name
            switch FileEntry(url, followingLinks: false) {
            case .folder:
                try walk(url, relative: path, className: className)
            case .file where Self.isImage(name):
                images.append(FolderDataset.Image(path: url.path, className: className))
            case .link where Self.isImage(name) && FileEntry(url, followingLinks: true) != .folder:
                // A dangling link is listed too: reading it will say what is wrong with it.
                images.append(FolderDataset.Image(path: url.path, className: className))
            default:
                ignored.append(path)
            }
        }
    }

    /// Names in a folder, sorted, without hidden ones.
    private static func entries(of folder: URL) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
                .sorted()
        } catch {
            throw DatasetError(.failure, "\(folder.path) cannot be listed: check its permissions", cause: error)
        }
    }

    private static func isImage(_ name: String) -> Bool {
        FolderDataset.imageSuffixes.contains((name as NSString).pathExtension.lowercased())
    }
}

/// What a path leads to.
private enum FileEntry {
    case file, folder, link, other

    init(_ url: URL, followingLinks: Bool) {
        let target = followingLinks ? url.resolvingSymlinksInPath() : url
        let type = try? FileManager.default.attributesOfItem(atPath: target.path)[.type] as? FileAttributeType
        switch type {
        case FileAttributeType.typeRegular: self = .file
        case FileAttributeType.typeDirectory: self = .folder
        case FileAttributeType.typeSymbolicLink: self = .link
        default: self = .other
        }
    }
}
