import CairnCore

/// Decides whether two photos show the same thing: finds the geometric model that most correspondences agree on.
///
/// Deterministic: equal correspondences, configuration and seed give equal bits, on any number of threads; a verifier
/// is a value that threads may share.
public struct GeometricVerifier: Sendable {
    /// How correspondences are verified.
    public let configuration: VerificationConfiguration

    /// Makes a verifier. Throws when the configuration makes no sense.
    public init(configuration: VerificationConfiguration = .homography) throws(GeometryError) {
        try configuration.validate()
        self.configuration = configuration
    }

    /// The model that most correspondences agree on, or `nil` when none has enough inliers.
    ///
    /// - Parameters:
    ///   - correspondences: ordered by quality, best first. Any number, none included.
    ///   - sourceSize: size of the image that source positions refer to.
    ///   - targetSize: size of the image that target positions refer to.
    /// - Throws: `GeometryError` of kind `invalidInput` when a coordinate, scale ratio or rotation is no usable number.
    /// - Complexity: O(hypotheses * correspondences), with the limits that the configuration sets; 44 bytes of working
    ///   memory a correspondence.
    public func verify(
        _ correspondences: [Correspondence], sourceSize: ImageSize, targetSize: ImageSize
    ) throws(GeometryError) -> GeometricModel? {
        let buffer = try CorrespondenceBuffer(
            correspondences, sourceSize: sourceSize, targetSize: targetSize, configuration: configuration)
        switch configuration.model {
        case .homography, .affine:
            var estimator = PlanarEstimator(buffer, configuration: configuration)
            estimator.run()
            return estimator.result(correspondences)
        case .fundamental:
            var estimator = EpipolarEstimator(buffer, configuration: configuration)
            estimator.run()
            return estimator.result(correspondences)
        }
    }

    /// Which of other correspondences agree with a model that was found: the second half of guided matching, where a
    /// caller matches again near the model's predictions.
    ///
    /// Indices are ascending and no position occurs twice. The tests are those of `verify`.
    public func inliers(
        of model: GeometricModel, among correspondences: [Correspondence], sourceSize: ImageSize, targetSize: ImageSize
    ) throws(GeometryError) -> [Int] {
        let buffer = try CorrespondenceBuffer(
            correspondences, sourceSize: sourceSize, targetSize: targetSize, configuration: configuration)
        let toTarget = Matrix3.translation(buffer.targetOrigin.x, buffer.targetOrigin.y)
        let fromSource = Matrix3.translation(buffer.sourceOrigin.x, buffer.sourceOrigin.y)
        let count: Int
        if model.kind == .fundamental {
            let centred = toTarget.transposed * model.matrix * fromSource
            count = buffer.collect(epipolar: centred, threshold: configuration.threshold)
        } else {
            let toCentre = Matrix3.translation(-buffer.targetOrigin.x, -buffer.targetOrigin.y)
            count = buffer.collect(toCentre * model.matrix * fromSource, threshold: configuration.threshold)
        }
        return buffer.distinct(count, in: correspondences)
    }
}
