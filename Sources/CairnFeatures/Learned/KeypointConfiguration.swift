#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How keypoints are chosen among what a network proposes.
public struct KeypointConfiguration: Codable, Sendable, Hashable {
    /// Which of two neighbours is a keypoint.
    public enum Suppression: String, Codable, Sendable, CaseIterable {
        /// One that exceeds every other pixel of its window.
        case strictMaxima
        /// One that no pixel of its window exceeds; then, twice over, the same among pixels that no keypoint is near.
        case iterated
    }

    /// Images larger than this on their long side are reduced to it, in pixels.
    public var longSide = 1_024

    /// At most this many keypoints are kept, the strongest first.
    public var maximumKeypoints = 2_048

    /// Pixels must score more than this.
    public var scoreThreshold: Float = 0.005

    /// Where fewer pass the threshold, every pixel may compete.
    public var sufficientKeypoints = 0

    /// Which of two neighbours is a keypoint.
    public var suppression = Suppression.iterated

    /// Half a window, without its centre, in pixels.
    public var suppressionRadius = 4

    /// Pixels at each edge in which there are no keypoints.
    public var border = 4

    /// Whether positions are refined by the scores around them (a soft maximum over the window, at `temperature`).
    public var refinesPositions = false

    /// Temperature of the soft maximum, in units of scores.
    public var temperature: Float = 0.1

    /// Sides of an image are padded to multiples of this, unless the network's own is larger or its size is fixed. Coarser
    /// multiples give fewer sizes to compile a network for.
    public var sizeMultiple = 8

    /// Sizes at which a network of a coarse map looks at an image, as factors, none of which takes the long side beyond
    /// `longSide`; used by DELG alone.
    public var pyramid: [Float] = [1]

    /// Keypoints of two images match when the cosine of the angle between their descriptors is at least this, from -1 (no test)
    /// to 1. For SuperPoint 0.755: its authors' demonstration takes Euclidean distances below 0.7.
    public var minimumCosine: Float = 0.755

    /// The defaults, which are SuperPoint's.
    public init() {}

    /// As the authors of SuperPoint choose.
    public static let superPoint = KeypointConfiguration()

    /// As the authors of XFeat choose; matches have a cosine of 0.82, as in their matching code.
    public static let xfeat: KeypointConfiguration = {
        var configuration = KeypointConfiguration()
        configuration.minimumCosine = 0.82
        configuration.scoreThreshold = 0.05
        configuration.suppression = .strictMaxima
        configuration.suppressionRadius = 2
        configuration.border = 2
        configuration.sizeMultiple = 32
        return configuration
    }()

    /// As the authors of ALIKED choose, but that only strict maxima count; matches have a cosine of 0.75, as in the matcher of
    /// mutual neighbours of their demonstration.
    public static let aliked: KeypointConfiguration = {
        var configuration = KeypointConfiguration()
        configuration.minimumCosine = 0.75
        configuration.scoreThreshold = 0.2
        configuration.suppression = .strictMaxima
        configuration.suppressionRadius = 2
        configuration.border = 2
        configuration.refinesPositions = true
        configuration.sizeMultiple = 32
        return configuration
    }()

    /// For a network that makes its own choice: no threshold, and ALIKED's cosine, for want of an author's.
    public static let unfiltered: KeypointConfiguration = {
        var configuration = KeypointConfiguration()
        configuration.minimumCosine = 0.75
        configuration.scoreThreshold = -.greatestFiniteMagnitude
        configuration.border = 0
        configuration.sizeMultiple = 32
        return configuration
    }()

    /// As the authors of DELG choose (section 5.1): the 1,000 places of the most attention at seven sizes, from a quarter to twice
    /// the image's, a factor of √2 apart. Matches have a cosine of 0.595: their re-ranking code takes Euclidean distances up to
    /// 0.9.
    ///
    /// Deviations: sizes beyond `longSide` are left out, where theirs go to twice their limit; there is no least attention, for theirs
    /// belongs to their weights.
    public static let delg: KeypointConfiguration = {
        var configuration = KeypointConfiguration()
        configuration.minimumCosine = 0.595
        configuration.maximumKeypoints = 1_000
        configuration.scoreThreshold = 0
        configuration.border = 0
        configuration.pyramid = (-4...2).map { Float(exp2(Double($0) / 2)) }
        return configuration
    }()

    /// What fits a kind of model.
    public static func standard(for kind: KeypointModelKind) -> KeypointConfiguration {
        switch kind {
        case .cells, .heatmap: .superPoint
        case .reliableCells: .xfeat
        case .aliked: .aliked
        case .keypoints: .unfiltered
        case .attention: .delg
        }
    }
}
