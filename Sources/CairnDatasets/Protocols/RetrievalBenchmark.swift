import CairnCore
import CairnMetrics

/// A retrieval benchmark as its published files describe it: what is searched, what is searched with, and what is right.
///
/// Rows number the gallery, in the order in which the files list it, so that published features and rankings fit as they are.
public struct RetrievalBenchmark: Sendable {
    /// An image of a benchmark.
    public struct Image: Hashable, Sendable {
        /// Its name in the protocol's files: `all_souls_000013`, `0123456789abcdef`, `gallery/123.jpg`.
        public var id: String
        /// Its absolute path; `nil` where ground truth was read without images.
        public var path: String?

        /// Makes an image.
        public init(id: String, path: String? = nil) {
            self.id = id
            self.path = path
        }
    }

    /// What is searched with.
    public struct Query: Hashable, Sendable {
        /// The photo.
        public var image: Image
        /// The part of it that is searched with; `nil` for all of it.
        public var region: PixelRegion?
        /// The group in which its figures are counted too.
        public var kind: String?
        /// Its own row in the gallery, where it is there.
        public var galleryRow: Int?

        /// Makes a query.
        public init(image: Image, region: PixelRegion? = nil, kind: String? = nil, galleryRow: Int? = nil) {
            self.image = image
            self.region = region
            self.kind = kind
            self.galleryRow = galleryRow
        }
    }

    /// One way of judging the same rankings.
    public struct Setting: Sendable {
        /// `easy`, `medium`, `hard`, `public`, `private`; `nil` where a protocol has one alone.
        public var name: String?
        /// One for each query, in their order; `nil` where the setting leaves a query out altogether.
        public var judgments: [QueryJudgment?]

        /// Makes a setting.
        public init(name: String? = nil, judgments: [QueryJudgment?]) {
            self.name = name
            self.judgments = judgments
        }
    }

    /// What it is called on the command line: `roxford5k`.
    public var name: String
    /// By what conventions it is scored.
    public var scoring: RetrievalProtocol
    /// What is searched, by row.
    public var gallery: [Image]
    /// What is searched with.
    public var queries: [Query]
    /// The ways of judging.
    public var settings: [Setting]

    /// Makes a benchmark. Traps unless each setting judges every query.
    public init(
        name: String, scoring: RetrievalProtocol, gallery: [Image], queries: [Query], settings: [Setting]
    ) {
        for setting in settings {
            precondition(
                setting.judgments.count == queries.count,
                "\(setting.judgments.count) judgments of \(queries.count) queries")
        }
        self.name = name
        self.scoring = scoring
        self.gallery = gallery
        self.queries = queries
        self.settings = settings
    }
}
