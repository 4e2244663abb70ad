import CairnCleaning
import CairnCore

/// Groups of duplicates in a collection, for people and machines.
public struct DuplicateReport: Codable, Sendable, Equatable {
    /// A photo of a group.
    public struct Photo: Codable, Sendable, Equatable {
        /// Its path.
        public var path: String
        /// Its size as it is shown, in pixels.
        public var size: ImageSize
        /// Bytes of its file.
        public var bytes: Int
        /// What it is to the photo that is kept; `nil` for that one itself.
        public var relation: Relation?
    }

    /// What a photo has in common with the one that is kept.
    public struct Relation: Codable, Sendable, Equatable {
        /// Whether the files are equal byte for byte.
        public var isExactCopy: Bool
        /// The similarity of their descriptors, where descriptors proposed the pair.
        public var similarity: Double?
        /// Keypoints that agree on one map between them, where that was looked at.
        public var inliers: Int?
        /// In words: "exact copy", "the same picture, 0.50 times the size".
        public var description: String
    }

    /// Photos of one picture.
    public struct Group: Codable, Sendable, Equatable {
        /// The photo to keep.
        public var keep: Photo
        /// Why that one: "most pixels", "oldest".
        public var reason: String
        /// The others.
        public var others: [Photo]
    }

    /// The groups, in the order of their first paths.
    public var groups: [Group]

    /// Different images that were compared.
    public var comparedImages: Int

    /// What was asked of a pair.
    public var criteria: DuplicateCriteria

    /// Photos that can be given up.
    public var spareCount: Int { groups.reduce(0) { $0 + $1.others.count } }

    init(
        _ found: DuplicateGroups, pictures: [DuplicateImage], comparedImages: Int, criteria: DuplicateCriteria
    ) {
        groups = found.groups.map { group in
            func photo(_ row: Int, _ relation: Relation?) -> Photo {
                Photo(
                    path: pictures[row].path, size: pictures[row].size, bytes: pictures[row].byteCount,
                    relation: relation)
            }
            return Group(
                keep: photo(group.representative, nil),
                reason: criteria.reason(for: group, among: pictures),
                others: group.members.map { photo($0.row, Relation($0.judgement)) })
        }
        self.comparedImages = comparedImages
        self.criteria = criteria
    }
}

extension DuplicateReport.Relation {
    init(_ judgement: DuplicateJudgement) {
        switch judgement {
        case .exactCopy: self.init(isExactCopy: true, description: "exact copy")
        case .similar(let similarity):
            self.init(isExactCopy: false, similarity: similarity, description: "similar as far as descriptors tell")
        case .samePicture(let overlap, let similarity):
            self.init(
                isExactCopy: false, similarity: similarity, inliers: overlap.inliers, description: overlap.description)
        case .different:
            preconditionFailure("a member of a group is different from what it was grouped with")
        }
    }
}

extension PictureOverlap {
    /// What was done to the picture, in words.
    fileprivate var description: String {
        var parts = ["the same picture"]
        if min(firstShare, secondShare) < 0.95 {
            parts.append("\(Int((100 * min(firstShare, secondShare)).rounded())) % of it")
        }
        let factor = max(scale, 1 / scale)
        if factor > 1.05 { parts.append("\((10 * factor).rounded() / 10) times as large or small") }
        if abs(rotation) > 1 { parts.append("turned by \(Int(rotation.rounded()))°") }
        if isMirrored { parts.append("mirrored") }
        return parts.joined(separator: ", ")
    }
}

extension DuplicateCriteria {
    /// The rules that tell the photo to keep from any of the others, in words.
    fileprivate func reason(for group: DuplicateGroups.Group, among images: [DuplicateImage]) -> String {
        let deciding = representative.first { rule in
            group.members.contains { rule.prefers(images[group.representative], to: images[$0.row]) == true }
        }
        return deciding?.words ?? "the first of equals"
    }
}

extension RepresentativeRule {
    fileprivate var words: String {
        switch self {
        case .mostPixels: "most pixels"
        case .oldest: "oldest"
        case .newest: "newest"
        case .largestFile: "largest file"
        case .smallestFile: "smallest file"
        case .firstPath: "first path"
        }
    }
}
