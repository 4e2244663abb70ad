/// Two pictures that may be the same, and what is known about both together.
public struct DuplicatePair: Sendable, Equatable {
    /// The pictures, the lower number first.
    public let rows: RowPair

    /// The cosine similarity of their descriptors; nil where something else proposed the pair.
    public var similarity: Double?

    /// What comparing their local features gave, from the lower to the higher; nil where that was not done, or nothing
    /// agreed.
    public var geometry: PairGeometry?

    /// Gathers what is known.
    public init(rows: RowPair, similarity: Double? = nil, geometry: PairGeometry? = nil) {
        self.rows = rows
        self.similarity = similarity
        self.geometry = geometry
    }
}

/// Whether two pictures are the same, and by which number.
public enum DuplicateJudgement: Sendable, Equatable {
    /// The files are equal byte for byte.
    case exactCopy
    /// The same picture, by geometry.
    case samePicture(PictureOverlap, similarity: Double?)
    /// The same picture as far as descriptors tell.
    case similar(Double)
    /// Not the same picture.
    case different(Difference)

    /// The first condition that a pair does not meet.
    public enum Difference: Sendable, Equatable {
        /// Their descriptors are too far apart.
        case dissimilar(Double)
        /// There is nothing to go by: neither similarity nor geometry.
        case unverified
        /// The map between them makes no sense.
        case impossibleGeometry
        /// Too few matches agree.
        case fewInliers(PictureOverlap)
        /// Too few of the matches agree.
        case lowInlierShare(PictureOverlap)
        /// The map has perspective or stretches: another view.
        case distorted(PictureOverlap)
        /// Each shows what the other does not: another framing of the place.
        case partialOverlap(PictureOverlap)
        /// One shows so little of the other that it is a picture of its own.
        case smallCrop(PictureOverlap)
        /// Only a part of what they share agrees: a logo, a frame, a poster.
        case lowCoverage(PictureOverlap)
    }

    /// Whether they are the same.
    public var isDuplicate: Bool {
        if case .different = self { false } else { true }
    }
}

extension DuplicateCriteria {
    /// Judges a pair of pictures.
    ///
    /// - Parameters:
    ///   - first: the picture of the lower number.
    ///   - second: the picture of the higher number.
    public func judge(_ pair: DuplicatePair, first: DuplicateImage, second: DuplicateImage) -> DuplicateJudgement {
        if let digest = first.digest, digest == second.digest { return .exactCopy }
        if let similarity = pair.similarity, similarity < minimumSimilarity {
            return .different(.dissimilar(similarity))
        }
        guard let geometry = pair.geometry else {
            guard !requiresVerification, let similarity = pair.similarity else { return .different(.unverified) }
            return .similar(similarity)
        }
        guard let overlap = PictureOverlap(geometry, first: first.size, second: second.size) else {
            return .different(.impossibleGeometry)
        }
        let difference: DuplicateJudgement.Difference? =
            if overlap.inliers < minimumInliers {
                .fewInliers(overlap)
            } else if overlap.inlierShare < minimumInlierShare {
                .lowInlierShare(overlap)
            } else if overlap.distortion > maximumDistortion {
                .distorted(overlap)
            } else if max(overlap.firstShare, overlap.secondShare) < minimumContainment {
                .partialOverlap(overlap)
            } else if min(overlap.firstShare, overlap.secondShare) < minimumCropShare {
                .smallCrop(overlap)
            } else if overlap.coverage < minimumCoverage {
                .lowCoverage(overlap)
            } else {
                nil
            }
        return difference.map { .different($0) } ?? .samePicture(overlap, similarity: pair.similarity)
    }
}
