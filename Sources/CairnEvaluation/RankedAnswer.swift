/// What a search gave for one query: the paths, and how long it took.
public struct RankedAnswer: Sendable {
    /// Paths of images, best first, spelled as the dataset spells them. The query itself may be among them.
    public var paths: [String]
    /// Time spent on the query's own decoding and extraction.
    public var extraction: Duration
    /// Time spent on everything after that.
    public var search: Duration
    /// Why the query could not be searched with, which counts as an answer with nothing in it; `nil` as a rule.
    public var failure: String?

    /// Makes an answer.
    public init(paths: [String], extraction: Duration, search: Duration, failure: String? = nil) {
        self.failure = failure
        self.paths = paths
        self.extraction = extraction
        self.search = search
    }
}
