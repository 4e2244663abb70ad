import CairnCore

/// Groups of photos that show the same picture, as one HTML file: side by side, with what tells them apart and which one is
/// suggested to keep.
///
/// The page deletes nothing. It keeps a list of the paths that would go, which changes as one keeps others, and copies it.
public struct DuplicatesSheet: Sendable {
    /// A photo of a group.
    public struct Photo: Sendable {
        /// Its path; the list of paths has it byte by byte.
        public var path: String
        /// The picture, within `SheetImage.thumbnailLimit`; `nil` where it could not be read.
        public var thumbnail: SheetImage?
        /// The original's size, upright, in pixels.
        public var size: ImageSize?
        /// The file's size in bytes.
        public var bytes: Int?
        /// When it was taken, ready to read.
        public var captured: String?
        /// Similarity to the photo that is kept, -1...1; `nil` for that one itself.
        public var similarity: Double?
        /// Inliers against the photo that is kept; `nil` where the verification did not run.
        public var inliers: Int?
        /// Whether it has the same bytes as the photo that is kept.
        public var isExactCopy: Bool

        /// Makes a photo.
        public init(
            path: String, thumbnail: SheetImage?, size: ImageSize? = nil, bytes: Int? = nil, captured: String? = nil,
            similarity: Double? = nil, inliers: Int? = nil, isExactCopy: Bool = false
        ) {
            self.path = path
            self.thumbnail = thumbnail
            self.size = size
            self.bytes = bytes
            self.captured = captured
            self.similarity = similarity
            self.inliers = inliers
            self.isExactCopy = isExactCopy
        }
    }

    /// Photos of the same picture.
    public struct Group: Sendable {
        /// The photos, the suggested one anywhere among them.
        public var photos: [Photo]
        /// Which one to keep: an index into `photos`.
        public var keep: Int
        /// Why that one, in words: "largest, oldest".
        public var reason: String

        /// Makes a group. `keep` must be an index into `photos`.
        public init(photos: [Photo], keep: Int, reason: String) {
            precondition(photos.indices.contains(keep), "photo \(keep) of a group of \(photos.count) is to be kept")
            self.photos = photos
            self.keep = keep
            self.reason = reason
        }

        /// Indices of the photos that would go.
        var removable: [Int] { photos.indices.filter { $0 != keep } }
    }

    /// The groups, in the order to show them.
    public var groups: [Group]
    /// How many photos were compared, for the headline's second line.
    public var collectionSize: Int?
    /// How, in words: "similarity of at least 0.92, verified with at least 20 inliers".
    public var method: String
    /// Groups whose photos are shown, at most; the rest is in the list of paths alone, and the page says so.
    public var groupLimit: Int

    /// Makes a sheet.
    public init(groups: [Group], collectionSize: Int? = nil, method: String = "", groupLimit: Int = 500) {
        precondition(groupLimit >= 0, "a sheet of \(groupLimit) groups")
        self.groups = groups
        self.collectionSize = collectionSize
        self.method = method
        self.groupLimit = groupLimit
    }

    /// What was found, in words.
    public var headline: String {
        guard !groups.isEmpty else { return "No duplicates" }
        let count = groups.reduce(0) { $0 + $1.removable.count }
        return "\(HTML.count(groups.count, "group")) of duplicates, \(HTML.count(count, "photo")) to spare"
    }

    /// Bytes of the photos that would go, as far as they are known.
    public var sparedBytes: Int {
        groups.reduce(0) { total, group in
            group.removable.reduce(total) { $0 + max(0, group.photos[$1].bytes ?? 0) }
        }
    }

    /// "2.4 MB": decimal units, as file managers count.
    static func bytes(_ count: Int) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB"]
        guard count >= 1000 else { return "\(count) \(count == 1 ? "byte" : "bytes")" }
        var value = Double(count)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return value < 9.95 ? "\((value * 10).rounded() / 10) \(units[unit])" : "\(Int(value.rounded())) \(units[unit])"
    }
}
