import Foundation

/// What a layout leaves open.
public struct BenchmarkOptions: Sendable {
    /// Whether every image that the files list must be there.
    public enum ImagePresence: String, Sendable, Codable, CaseIterable {
        /// Loading fails with the number of those that are not, and the first.
        case required
        /// Paths are given as they should be: for ready features and rankings, and for looking what is missing.
        case unchecked
    }

    /// Whether images must be there; `required` by default.
    public var images = ImagePresence.required

    /// Revisited Oxford and Paris: the million distractors, which follow the gallery's rows. Either `revisitop1m.txt` or its
    /// folder.
    public var distractors: URL?

    /// Folders: the list of queries, as `FolderDataset` reads it. Without it every image of every class of two or more is a
    /// query.
    public var queries: URL?

    /// Oxford5k and Paris6k: the gallery's names, a line each, in the order of features that came from elsewhere. Without it
    /// the gallery is all images, sorted by name.
    public var imageList: URL?

    /// DIGIX: what is a query and what is searched; each training image among the others by default.
    public var digix = DIGIXDataset.Split.leaveOneOut

    /// Google Landmarks recognition: the labelled photos; `train.csv` of the folder by default.
    public var training: URL?

    /// The defaults.
    public init() {}
}
