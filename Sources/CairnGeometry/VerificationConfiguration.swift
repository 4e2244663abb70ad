/// How correspondences are verified. Start from a preset and change what differs.
public struct VerificationConfiguration: Hashable, Sendable, Encodable {
    /// The relation that is looked for.
    public var model: GeometricModelKind = .homography

    /// The largest error of an inlier, in pixels of the images whose coordinates are compared; meant for images of
    /// 1,024 px on the long side.
    ///
    /// Homography and affine: the transfer error in whichever of the two images shows the point smaller, that is the
    /// error in the target image divided by the model's local magnification where that is above 1. It is the same when
    /// the images are swapped. Fundamental: Sampson distance.
    public var threshold: Double = 4

    /// Sampling ends once a better model would have been found with this probability.
    public var confidence: Double = 0.99

    /// Minimal samples (two to seven correspondences each) at most.
    public var maximumIterations: Int = 1_000

    /// Hypotheses from one correspondence each at most; 0 leaves orientations out of sampling. They are taken in order.
    public var maximumFrameHypotheses: Int = 256

    /// Models with fewer inliers are no models. With orientations, five are beyond chance: of 600 sets of 20 to 200
    /// random correspondences none had a model. Without, four points make a homography and others join by chance: 10 %
    /// of sets of 60 reached five, none of 200 reached eight; ask for eight there.
    public var minimumInliers: Int = 5

    /// Refits of a promising model on its own inliers.
    public var localOptimizationRounds: Int = 4

    /// The largest angle, in radians, between the rotation of a pair of keypoints and the rotation of the model there.
    /// Not tested for keypoints without orientation, nor for fundamental matrices.
    public var maximumRotationDifference: Double = .pi / 4

    /// The largest factor between the scale ratio of a pair of keypoints and the magnification of the model there.
    /// Not tested for keypoints without orientation, nor for fundamental matrices.
    public var maximumScaleFactor: Double = 2.2

    /// The largest magnification or reduction between two photos.
    public var maximumMagnification: Double = 16

    /// The largest ratio between a model's magnifications along and across: 6 is a wall seen from 80 degrees aside.
    public var maximumAnisotropy: Double = 8

    /// Seed of every random draw. Equal input and equal seed give equal bits.
    public var seed: UInt64 = 0

    /// The preset for planar scenes and views from one place.
    public static let homography = VerificationConfiguration()

    /// The preset for planes seen from afar.
    public static let affine = VerificationConfiguration(model: .affine)

    /// The preset for scenes with depth. Its weaker constraint asks for more inliers and a tighter threshold.
    public static let fundamental = VerificationConfiguration(model: .fundamental, threshold: 2, minimumInliers: 16)

    /// The preset for keypoints without orientation, or when time matters less than finding the last pair.
    public static let thorough = VerificationConfiguration(
        confidence: 0.999, maximumIterations: 20_000, minimumInliers: 8)

    /// Makes a configuration; what is not named has its documented default.
    public init(
        model: GeometricModelKind = .homography, threshold: Double = 4, confidence: Double = 0.99,
        maximumIterations: Int = 1_000, minimumInliers: Int = 5, seed: UInt64 = 0
    ) {
        self.model = model
        self.threshold = threshold
        self.confidence = confidence
        self.maximumIterations = maximumIterations
        self.minimumInliers = minimumInliers
        self.seed = seed
    }

    /// One key an option, named like it.
    enum CodingKeys: String, CodingKey, CaseIterable {
        case model, threshold, confidence, maximumIterations, maximumFrameHypotheses, minimumInliers
        case localOptimizationRounds, maximumRotationDifference, maximumScaleFactor, maximumMagnification
        case maximumAnisotropy, seed
    }

    /// Throws, naming the value, when the configuration makes no sense.
    func validate() throws(GeometryError) {
        try Self.require(
            threshold.isFinite && threshold > 0, "threshold", "\(threshold)", "a positive number of pixels")
        try Self.require(confidence > 0 && confidence < 1, "confidence", "\(confidence)", "between 0 and 1, exclusive")
        try Self.require(maximumIterations >= 0, "maximumIterations", "\(maximumIterations)", "0 or more")
        try Self.require(
            maximumFrameHypotheses >= 0, "maximumFrameHypotheses", "\(maximumFrameHypotheses)", "0 or more")
        try Self.require(
            minimumInliers >= model.sampleSize, "minimumInliers", "\(minimumInliers)",
            "\(model.sampleSize) or more for a model of kind \(model.rawValue)")
        try Self.require(
            localOptimizationRounds >= 0, "localOptimizationRounds", "\(localOptimizationRounds)", "0 or more")
        try Self.require(
            maximumRotationDifference > 0 && maximumRotationDifference <= .pi, "maximumRotationDifference",
            "\(maximumRotationDifference)", "in (0, π]")
        try Self.require(maximumScaleFactor > 1, "maximumScaleFactor", "\(maximumScaleFactor)", "above 1")
        try Self.require(maximumMagnification > 1, "maximumMagnification", "\(maximumMagnification)", "above 1")
        try Self.require(maximumAnisotropy > 1, "maximumAnisotropy", "\(maximumAnisotropy)", "above 1")
    }

    private static func require(_ holds: Bool, _ name: String, _ value: String, _ range: String) throws(GeometryError) {
        guard !holds else { return }
        throw GeometryError(
            kind: .invalidArgument, message: "Verification option \(name) is \(value); it must be \(range).")
    }
}
