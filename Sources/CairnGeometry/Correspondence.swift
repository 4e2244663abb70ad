import CairnCore

/// Two keypoints that are thought to show the same point: one in the source image, one in the target image.
///
/// Lists of correspondences are ordered by quality, best first: PROSAC samples from the front.
public struct Correspondence: Hashable, Sendable {
    /// Position in the source image.
    public var source: PixelPoint

    /// Position in the target image.
    public var target: PixelPoint

    /// Size of the target keypoint divided by that of the source keypoint; 1 where keypoints carry no size.
    public var scaleRatio: Float

    /// Angle of the target keypoint less that of the source keypoint, in radians, in (-π, π], growing from x towards y;
    /// `nan` where keypoints carry no orientation.
    public var rotation: Float

    /// Makes a correspondence; size and orientation are optional.
    public init(source: PixelPoint, target: PixelPoint, scaleRatio: Float = 1, rotation: Float = .nan) {
        self.source = source
        self.target = target
        self.scaleRatio = scaleRatio
        self.rotation = rotation
    }
}
