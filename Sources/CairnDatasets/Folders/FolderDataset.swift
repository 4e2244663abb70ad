import CairnCore
import Foundation

/// The protocol "one folder a class": every folder under the root is a class, and everything in it shows the same thing.
///
/// `_distractor/` belongs to no class: its images are searched among and are never right. Images in folders inside a class
/// folder belong to that class. Hidden files are skipped. Every other image of a query's class is a positive, and the query
/// is left out of its own ranking.
///
/// Which files are images is decided by their names, not by their contents: a damaged one is for the reader of images to
/// report.
public struct FolderDataset: Sendable {
    /// An image of the dataset.
    public struct Image: Hashable, Sendable {
        /// Absolute path.
        public let path: String
        /// The class folder's name; `nil` for a distractor.
        public let className: String?
    }

    /// An image to search with.
    public struct Query: Hashable, Sendable {
        /// Absolute path, that of one of `images`.
        public let path: String
        /// The class whose other images are the right answers.
        public let className: String
        /// What sort of thing it shows, where the list of queries says so.
        public let kind: String?
    }

    /// The folder whose images belong to no class.
    public static let distractorFolder = "_distractor"

    /// The suffixes that make a file an image, in lower case.
    public static let imageSuffixes: Set<String> = [
        "jpg", "jpeg", "jpe", "jfif", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "gif",
    ]

    /// The root folder's absolute path.
    public let root: String

    /// Names of the class folders, sorted; one without images is a class of none.
    public let classes: [String]

    /// All images, distractors included, sorted by path.
    public let images: [Image]

    /// What to search with, in the order of the list, or sorted by path without one.
    public let queries: [Query]

    /// Paths relative to the root that were left aside: files that are no images by name, images outside every class, and
    /// links to folders inside a class, which could lead round in a circle. Sorted.
    public let ignored: [String]

    private let pathsByClass: [String: Set<String>]

    /// Lists a root folder, and reads the queries from a CSV file where one is given.
    ///
    /// The file's first column holds the image, relative to the root or absolute; a column named `kind` is optional, others
    /// are ignored. Without a file every image of every class with at least two images is a query.
    /// Throws `DatasetError`: `notFound` for a missing root or list, `invalidInput` for a root without images and for a list
    /// that names an image twice, one that is not there, or a distractor, always with the line. O(n log n) in files.
    public init(root: URL, queries queryFile: URL? = nil) throws {
        let root = root.standardizedFileURL
        let listing = try FolderListing(root: root)
        self.root = root.path
        classes = listing.classes
        images = listing.images
        let listPath = queryFile?.standardizedFileURL.path
        ignored = listing.ignored.filter { root.path + "/" + $0 != listPath }
        guard !images.isEmpty else {
            throw DatasetError(
                .invalidInput,
                "\(root.path) holds no images in folders: put the photos of each thing in a folder of their own")
        }
        var pathsByClass: [String: Set<String>] = [:]
        for image in images {
            guard let name = image.className else { continue }
            pathsByClass[name, default: []].insert(image.path)
        }
        self.pathsByClass = pathsByClass
        if let queryFile {
            queries = try Self.readQueries(queryFile, root: root, images: images)
        } else {
            queries = images.compactMap { image in
                guard let name = image.className, pathsByClass[name, default: []].count >= 2 else { return nil }
                return Query(path: image.path, className: name, kind: nil)
            }
        }
    }

    /// Paths of all images of a class; a query's positives are these without itself. Empty for an unknown class.
    public func paths(ofClass name: String) -> Set<String> { pathsByClass[name] ?? [] }

    /// Paths of the images that are right answers to a query. O(class size).
    public func positives(of query: Query) -> Set<String> {
        paths(ofClass: query.className).subtracting([query.path])
    }
}
