/// What cleaning did to a label set, as one HTML file: per label the clusters that became classes, what was recovered from the
/// tail, what was dropped, and why.
///
/// Labels come with those that changed most first. The sheet stays usable with thousands of labels: at most
/// `Limits.thumbnails` photos are embedded and `Limits.perGroup` of a group are shown, and wherever photos are left out the
/// sheet says how many.
public struct CleaningSheet: Sendable {
    /// What became of a photo.
    public enum Outcome: String, Sendable, Codable, CaseIterable {
        /// Its label's clusters were one: it keeps its class.
        case kept
        /// Its label fell into several clusters: it went into a class with its own.
        case split
        /// A looser rule brought it back from the tail.
        case recovered
        /// It is in no class any more.
        case dropped
    }

    /// A photo with the reason for what became of it.
    public struct Photo: Hashable, Sendable {
        /// Its path, shown as it is.
        public var path: String
        /// Why, in words: "no neighbour within 0.30"; empty where nothing needs a reason.
        public var reason: String
        /// The class it went into, where that is not clear from its group.
        public var newClass: String?

        /// Makes a photo.
        public init(path: String, reason: String = "", newClass: String? = nil) {
            self.path = path
            self.reason = reason
            self.newClass = newClass
        }
    }

    /// Photos that became one class.
    public struct Cluster: Hashable, Sendable {
        /// The new class.
        public var newClass: String
        /// The photos, most typical first where that is known.
        public var photos: [Photo]

        /// Makes a cluster.
        public init(newClass: String, photos: [Photo]) {
            self.newClass = newClass
            self.photos = photos
        }
    }

    /// A label as it was, and what it fell into.
    public struct Label: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Clusters that became classes.
        public var clusters: [Cluster]
        /// Photos that came back from the tail.
        public var recovered: [Photo]
        /// Photos in no class any more.
        public var dropped: [Photo]

        /// Makes a label.
        public init(name: String, clusters: [Cluster], recovered: [Photo] = [], dropped: [Photo] = []) {
            self.name = name
            self.clusters = clusters
            self.recovered = recovered
            self.dropped = dropped
        }

        /// How many photos it had.
        public var photoCount: Int {
            clusters.reduce(0) { $0 + $1.photos.count } + recovered.count + dropped.count
        }

        /// Photos of it with this outcome.
        func count(_ outcome: Outcome) -> Int {
            let inClusters = clusters.reduce(0) { $0 + $1.photos.count }
            return switch outcome {
            case .kept: clusters.count == 1 ? inClusters : 0
            case .split: clusters.count > 1 ? inClusters : 0
            case .recovered: recovered.count
            case .dropped: dropped.count
            }
        }

        /// Whether nothing happened to it.
        var isUntouched: Bool { clusters.count == 1 && recovered.isEmpty && dropped.isEmpty }
    }

    /// How much of a large set is shown.
    public struct Limits: Hashable, Sendable, Codable {
        /// Photos embedded in the whole sheet, at most. About 20 kB each.
        public var thumbnails: Int
        /// Photos shown of one cluster, or of one label's recovered or dropped ones, at most.
        public var perGroup: Int

        /// 1,000 thumbnails, 12 a group.
        public static let standard = Limits(thumbnails: 1000, perGroup: 12)

        /// Makes limits; negative ones count as 0.
        public init(thumbnails: Int, perGroup: Int) {
            self.thumbnails = max(0, thumbnails)
            self.perGroup = max(0, perGroup)
        }
    }

    /// What was cleaned.
    public var title: String
    /// How, in words: "DBSCAN on cosine distance, 0.30, at least 3 neighbours".
    public var method: String
    /// The labels, most changed first: by dropped photos, then clusters, then recovered photos, then name.
    public let labels: [Label]
    /// What is shown of them.
    public let limits: Limits
    /// Pictures by path, up to the limit.
    public let thumbnails: [String: SheetImage]

    /// Makes a sheet. `thumbnail` is asked once for a photo, until the limit is reached, and may have none.
    ///
    /// O(photos + labels log labels).
    public init(
        title: String, method: String, labels: [Label], limits: Limits = .standard,
        thumbnail: (_ path: String) throws -> SheetImage?
    ) rethrows {
        self.title = title
        self.method = method
        self.limits = limits
        self.labels = labels.sorted {
            ($1.dropped.count, $1.clusters.count, $1.recovered.count, $0.name)
                < ($0.dropped.count, $0.clusters.count, $0.recovered.count, $1.name)
        }
        var thumbnails: [String: SheetImage] = [:]
        for path in Self.worthShowing(self.labels, perGroup: limits.perGroup) {
            guard thumbnails.count < limits.thumbnails else { break }
            if let image = try thumbnail(path) { thumbnails[path] = image }
        }
        self.thumbnails = thumbnails
    }

    /// Paths of the photos that are shown, each once. What was dropped or recovered and the first three of every cluster come
    /// before the clusters' other photos, so that a budget of pictures reaches many labels.
    private static func worthShowing(_ labels: [Label], perGroup: Int) -> [String] {
        var seen = Set<String>()
        var first: [String] = []
        var later: [String] = []
        for label in labels {
            for cluster in label.clusters {
                let paths = cluster.photos.prefix(perGroup).map(\.path)
                first += paths.prefix(3)
                later += paths.dropFirst(3)
            }
            first += (label.recovered.prefix(perGroup) + label.dropped.prefix(perGroup)).map(\.path)
        }
        return (first + later).filter { seen.insert($0).inserted }
    }

    /// Photos of all labels.
    public var photoCount: Int { labels.reduce(0) { $0 + $1.photoCount } }

    /// Photos with this outcome.
    public func count(_ outcome: Outcome) -> Int { labels.reduce(0) { $0 + $1.count(outcome) } }

    /// Classes that there are now.
    public var classCount: Int {
        var names = Set<String>()
        for label in labels {
            names.formUnion(label.clusters.map(\.newClass))
            names.formUnion(label.recovered.compactMap(\.newClass))
        }
        return names.count
    }
}
