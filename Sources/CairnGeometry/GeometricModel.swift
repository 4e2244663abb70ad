import CairnCore

/// A geometric relation between two photos, and the correspondences that agree with it.
public struct GeometricModel: Hashable, Sendable, Codable {
    /// What kind of relation it is.
    public let kind: GeometricModelKind

    /// Homography and affine: maps homogeneous source pixels to target pixels, with a positive third coordinate on the
    /// side of the horizon where the inliers are; `m22` is 1, or -1 when the top left corner lies beyond the horizon.
    /// Fundamental: `target^T * matrix * source` is 0, of unit Frobenius norm.
    public let matrix: Matrix3

    /// Indices of the inliers in the list that was verified, ascending. No position, of source or target, occurs twice.
    public let inliers: [Int]

    /// The number of inliers.
    public var score: Int { inliers.count }

    /// Makes a model from its parts.
    public init(kind: GeometricModelKind, matrix: Matrix3, inliers: [Int]) {
        self.kind = kind
        self.matrix = matrix
        self.inliers = inliers
    }

    /// Where a source point lies in the target image; `nil` beyond the horizon, and always for a fundamental matrix,
    /// which maps points to lines.
    public func project(_ point: PixelPoint) -> PixelPoint? {
        kind == .fundamental ? nil : matrix.project(point)
    }

    /// The region of the source image that the inliers cover: corners of their convex hull, in the order of growing
    /// angle from x towards y. `correspondences` is the list that was verified.
    public func sourceRegion(of correspondences: [Correspondence]) -> [PixelPoint] {
        ConvexHull.corners(of: inliers.map { correspondences[$0].source })
    }

    /// The region of the target image that the inliers cover, as `sourceRegion(of:)`.
    public func targetRegion(of correspondences: [Correspondence]) -> [PixelPoint] {
        ConvexHull.corners(of: inliers.map { correspondences[$0].target })
    }

    /// The outline of the whole source image as it lies in the target image: four corners, clockwise on screen from the
    /// top left. `nil` when part of it lies beyond the horizon, and for a fundamental matrix.
    public func projectedFrame(of sourceSize: ImageSize) -> [PixelPoint]? {
        let (width, height) = (Double(sourceSize.width), Double(sourceSize.height))
        let corners = [(0, 0), (width, 0), (width, height), (0, height)].compactMap {
            project(PixelPoint(x: $0.0, y: $0.1))
        }
        return corners.count == 4 ? corners : nil
    }
}
