import CairnCore
import CairnGeometry

/// What two photos have in common: the keypoints that agree with one geometric model.
public struct PairEvidence: Sendable, Hashable {
    /// Matches before verification.
    public let matchCount: Int

    /// Maps the first photo's pixels to the second's.
    public let model: GeometricModel

    /// Keypoint pairs that agree with the model: index in the first photo, index in the second.
    public let inliers: [DescriptorMatch]

    /// Positions of the inliers, in the same order.
    public let lines: [Correspondence]

    /// The number of inliers: the score.
    public var score: Int { inliers.count }

    /// Corners of the region of the first photo that the inliers cover.
    public var sourceRegion: [PixelPoint] { ConvexHull.corners(of: lines.map(\.source)) }

    /// Corners of the region of the second photo that the inliers cover.
    public var targetRegion: [PixelPoint] { ConvexHull.corners(of: lines.map(\.target)) }
}
