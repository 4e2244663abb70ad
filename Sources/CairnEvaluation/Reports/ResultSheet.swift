import CairnCore

/// A search result as one HTML file: the query, its results with every stage's score, and a view that lays any result beside
/// the query with the lines that verified it.
///
/// The file needs nothing else: pictures are embedded, and its own policy forbids it to load anything. It depends on no
/// search type; whoever searches fills it in.
public struct ResultSheet: Sendable {
    /// Lines drawn between a query and one result, at most; of more, an even selection is drawn.
    public static let lineLimit = 300

    /// A position in a picture, as shares of its width and height: (0, 0) is the top left corner, (1, 1) the bottom right.
    public struct Point: Hashable, Sendable {
        /// Share of the width, from the left.
        public var x: Double
        /// Share of the height, from the top.
        public var y: Double

        /// Makes a point.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// Two points that show the same spot.
    public struct Line: Hashable, Sendable {
        /// In the query.
        public var source: Point
        /// In the result.
        public var target: Point

        /// Makes a line.
        public init(source: Point, target: Point) {
            self.source = source
            self.target = target
        }
    }

    /// What a photo says about itself.
    public struct Details: Hashable, Sendable {
        /// The original's size, upright, in pixels.
        public var size: ImageSize
        /// When it was taken, ready to read.
        public var captured: String?
        /// Degrees north.
        public var latitude: Double?
        /// Degrees east.
        public var longitude: Double?

        /// Collects details; the position is shown only when both of its parts are there.
        public init(size: ImageSize, captured: String? = nil, latitude: Double? = nil, longitude: Double? = nil) {
            self.size = size
            self.captured = captured
            self.latitude = latitude
            self.longitude = longitude
        }
    }

    /// The photo that was searched with.
    public struct Query: Sendable {
        /// Its path, shown as it is.
        public var path: String
        /// The picture, within `SheetImage.matchLimit`: it also serves the match view.
        public var image: SheetImage
        /// What the photo says about itself.
        public var details: Details

        /// Makes a query.
        public init(path: String, image: SheetImage, details: Details) {
            self.path = path
            self.image = image
            self.details = details
        }
    }

    /// A named figure of one stage of the search.
    public struct Stage: Hashable, Sendable {
        /// The stage's name.
        public var name: String
        /// Its score; bars are drawn relative to the best result of the same stage.
        public var value: Double

        /// Makes a stage's score.
        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// One result.
    public struct Entry: Sendable {
        /// Its rank, from 1.
        public var rank: Int
        /// Its path, shown as it is.
        public var path: String
        /// The picture in the list, within `SheetImage.thumbnailLimit`.
        public var thumbnail: SheetImage
        /// The picture in the match view; without one the thumbnail is enlarged.
        public var matchImage: SheetImage?
        /// What the photo says about itself.
        public var details: Details
        /// The score that ranked it.
        public var score: Double
        /// Inliers of the geometric verification; `nil` where it did not run.
        public var inliers: Int?
        /// Whether the search takes it for the same thing.
        public var isVerified: Bool
        /// Every stage's score, in the stages' order.
        public var stages: [Stage]
        /// The inliers as lines.
        public var lines: [Line]
        /// The outline in the query that was recognised; empty for none.
        public var queryRegion: [Point]
        /// The same outline in the result; it may reach outside the picture.
        public var region: [Point]

        /// Makes a result.
        public init(
            rank: Int, path: String, thumbnail: SheetImage, matchImage: SheetImage? = nil, details: Details,
            score: Double,
            inliers: Int? = nil, isVerified: Bool, stages: [Stage] = [], lines: [Line] = [], queryRegion: [Point] = [],
            region: [Point] = []
        ) {
            self.rank = rank
            self.path = path
            self.thumbnail = thumbnail
            self.matchImage = matchImage
            self.details = details
            self.score = score
            self.inliers = inliers
            self.isVerified = isVerified
            self.stages = stages
            self.lines = lines
            self.queryRegion = queryRegion
            self.region = region
        }
    }

    /// The photo that was searched with.
    public var query: Query
    /// The results, best first.
    public var entries: [Entry]
    /// How many images were searched, for the headline's second line.
    public var collectionSize: Int?
    /// Times by step, in milliseconds, in the order to show them.
    public var timings: [Stage]

    /// Makes a sheet.
    public init(query: Query, entries: [Entry], collectionSize: Int? = nil, timings: [Stage] = []) {
        self.query = query
        self.entries = entries
        self.collectionSize = collectionSize
        self.timings = timings
    }

    /// What was found, in words: "4 of 20 results verified; best: 143 inliers".
    public var headline: String {
        guard !entries.isEmpty else { return "Nothing found" }
        let verified = entries.filter(\.isVerified)
        guard !verified.isEmpty else {
            return entries.contains { $0.inliers != nil }
                ? "None of \(HTML.count(entries.count, "result")) verified"
                : "\(HTML.count(entries.count, "result")), not verified"
        }
        let best = verified.compactMap(\.inliers).max().map { "; best: \(HTML.count($0, "inlier"))" } ?? ""
        return "\(verified.count) of \(HTML.count(entries.count, "result")) verified\(best)"
    }
}
