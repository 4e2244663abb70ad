import Cairn
import CairnCore
import CairnTerminal
import Foundation

/// Images as commands are given them: paths as they were indexed, folders, or file names that only one image has.
enum ImageArguments {
    /// Throws `CommandError` for what the collection does not have, and for a name that several images share.
    static func images(_ texts: [String], in snapshot: CollectionSnapshot, of collection: ImageCollection) throws
        -> [ImageID]
    {
        let folder = FileManager.default.currentDirectoryPath
        var images: [ImageID] = []
        for (text, lookup) in zip(texts, try snapshot.find(texts, relativeTo: folder)) {
            switch lookup {
            case .found(let image): images.append(image)
            case .ambiguous(let first, let second):
                throw CommandError(
                    kind: .invalidInput, message: "“\(text)” may be \(first) or \(second); give the path")
            case .missing:
                let below = try snapshot.files(atOrBelow: text).map(\.image)
                guard !below.isEmpty else {
                    throw CommandError(
                        kind: .notFound,
                        message: "the collection at \(collection.path) has no image \(text); index it first")
                }
                images += below
            }
        }
        return images
    }
}
