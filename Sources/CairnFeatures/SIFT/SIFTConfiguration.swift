/// Parameters of the SIFT detector and descriptor. Defaults are those of Lowe (IJCV 2004) but for the number of keypoints.
public struct SIFTConfiguration: Codable, Sendable, Hashable {
    /// Where keypoints are looked for.
    public enum Detector: String, Codable, Sendable, CaseIterable {
        /// Extrema of differences of Gaussians, described on round regions: SIFT as published.
        case differenceOfGaussians
        /// Maxima of the Hessian determinant, described on regions adapted to their affine shape.
        case hessianAffine
    }

    /// Where keypoints are looked for.
    public var detector = Detector.differenceOfGaussians

    /// At most this many keypoints are kept, the strongest first. A keypoint with two dominant directions counts twice.
    public var maximumKeypoints = 1_000

    /// Where fewer extrema pass the thresholds, as in haze or at night, contrast thresholds are halved up to three times.
    public var sufficientKeypoints = 500

    /// Images larger than this on their long side are reduced to it before detection, in pixels.
    public var longSide = 1_024

    /// Scales sampled in an octave (s in section 3.2).
    public var layersPerOctave = 3

    /// Standard deviation of the first level of an octave, in its samples (section 3.3).
    public var sigma: Float = 1.6

    /// Blur that the camera is taken to have left, in pixels (section 3.3).
    public var cameraSigma: Float = 0.5

    /// The first octave has twice the image's size (section 3.3): about four times the keypoints, four times the work.
    public var doublesImage = true

    /// Extrema of lower contrast are dropped; on intensities from 0 to 1, divided by the layers of an octave.
    public var contrastThreshold: Float = 0.04

    /// Smallest scale-normalised determinant of the Hessian, on intensities from 0 to 1; for `hessianAffine` alone.
    public var hessianThreshold: Float = 0.0004

    /// Largest ratio of principal curvatures (section 4.1): edges are dropped.
    public var edgeThreshold: Float = 10

    /// A direction counts when its histogram bin reaches this share of the highest (section 5).
    public var orientationPeakRatio: Float = 0.8

    /// Width of a descriptor's cell, in keypoint sizes σ (section 6.1).
    public var cellsPerSigma: Float = 3

    /// Entries of the unit descriptor are clipped to this (section 6.1), against glare.
    public var clipping: Float = 0.2

    /// The defaults.
    public init() {}

    /// 1,000 keypoints at 1,024 px.
    public static let standard = SIFTConfiguration()

    /// Hessian-affine regions: they bear larger changes of viewpoint, and cost about twice the time.
    public static let hessianAffine: SIFTConfiguration = {
        var configuration = SIFTConfiguration()
        configuration.detector = .hessianAffine
        return configuration
    }()

    /// No doubling and 500 keypoints: four times faster, for near-duplicates and tests.
    public static let fast: SIFTConfiguration = {
        var configuration = SIFTConfiguration()
        configuration.doublesImage = false
        configuration.maximumKeypoints = 500
        return configuration
    }()
}
