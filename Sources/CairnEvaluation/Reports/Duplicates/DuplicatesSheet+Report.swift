import Cairn
import CairnImaging

extension DuplicatesSheet {
    /// Shows a collection's duplicates. Photos that cannot be read any more are shown without a picture.
    public init(_ report: DuplicateReport, method: String = "", groupLimit: Int = 500) {
        let groups = report.groups.enumerated().map { place, group in
            // Those behind the limit are listed alone.
            let isShown = place < groupLimit
            return Group(
                photos: ([group.keep] + group.others).map { Photo($0, isShown: isShown) }, keep: 0,
                reason: group.reason)
        }
        self.init(groups: groups, collectionSize: report.comparedImages, method: method, groupLimit: groupLimit)
    }
}

extension DuplicatesSheet.Photo {
    fileprivate init(_ photo: DuplicateReport.Photo, isShown: Bool) {
        let picture = isShown ? try? SheetPhoto(path: photo.path, limit: SheetImage.thumbnailLimit) : nil
        self.init(
            path: photo.path, thumbnail: picture?.image, size: photo.size, bytes: photo.bytes,
            captured: picture?.details.captured, similarity: photo.relation?.similarity,
            inliers: photo.relation?.inliers,
            isExactCopy: photo.relation?.isExactCopy ?? false)
    }
}
