import CairnCore

extension PlanarEstimator {
    /// The best model in image coordinates, with its inliers one to one; `nil` when they are too few.
    func result(_ correspondences: [Correspondence]) -> GeometricModel? {
        guard let best else { return nil }
        let count = buffer.collect(best, threshold: configuration.threshold)
        let inliers = buffer.distinct(count, in: correspondences)
        guard inliers.count >= configuration.minimumInliers else { return nil }
        let matrix =
            Matrix3.translation(buffer.targetOrigin.x, buffer.targetOrigin.y) * best
            * Matrix3.translation(-buffer.sourceOrigin.x, -buffer.sourceOrigin.y)
        let scale = matrix.m22.magnitude
        let normalised = scale > 1e-12 * matrix.squaredNorm.squareRoot() ? matrix * (1 / scale) : matrix
        return GeometricModel(kind: configuration.model, matrix: normalised, inliers: inliers)
    }
}
