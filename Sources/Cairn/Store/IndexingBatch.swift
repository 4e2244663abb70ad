import CairnCore
import CairnIndex

/// What an indexing run has done since its last commit. Small: records are in their segment already.
final class IndexingBatch {
    /// A new image.
    struct Image {
        var id: ImageID
        var hash: ContentHash
        /// What the analyzer found; `record` is empty here.
        var analysis: AnalyzedImage
        /// `nil` in a collection without local features.
        var location: RecordLocation?
        var checksum: UInt64?
    }

    /// What happens to the row of a path.
    enum Change {
        case file(path: String, FileStamp, ImageID)
        case failure(path: String, FileStamp, FileFailure)
        case drop(path: String)
    }

    let analyzer: any ImageAnalyzer
    /// `nil` in a collection without local features.
    var segments: SegmentWriter?
    var nextImage: UInt32
    var images: [Image] = []
    var idsByHash: [ContentHash: ImageID] = [:]
    var changes: [Change] = []

    init(analyzer: any ImageAnalyzer, segments: SegmentWriter?, nextImage: UInt32) {
        self.analyzer = analyzer
        self.segments = segments
        self.nextImage = nextImage
    }

    func clear() {
        images = []
        idsByHash = [:]
        changes = []
    }
}

/// How a file that was read counts in the report.
enum StagedKind: Sendable {
    case added, moved, duplicate, changed, unchanged
}
