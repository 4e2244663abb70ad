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

    /// The defaults, which are SuperPoint's.
    public init() {}

    /// As the authors of SuperPoint choose.
    public static let superPoint = KeypointConfiguration()

    /// As the authors of XFeat choose.
    public static let xfeat: KeypointConfiguration = {
        var configuration = KeypointConfiguration()
        configuration.scoreThreshold = 0.05
        configuration.suppression = .strictMaxima
        configuration.suppressionRadius = 2
        configuration.border = 2
        configuration.sizeMultiple = 32
        return configuration
    }()

    /// As the authors of ALIKED choose, but that only strict maxima count.
    public static let aliked: KeypointConfiguration = {
        var configuration = KeypointConfiguration()
        configuration.scoreThreshold = 0.2
        configuration.suppression = .strictMaxima
        configuration.suppressionRadius = 2
        configuration.border = 2
        configuration.refinesPositions = true
        configuration.sizeMultiple = 32
        return configuration
    }()

    /// For a network that makes its own choice: no threshold.
    public static let unfiltered: KeypointConfiguration = {
        var configuration = KeypointConfiguration()
        configuration.scoreThreshold = -.greatestFiniteMagnitude
        configuration.border = 0
        configuration.sizeMultiple = 32
        return configuration
    }()

    /// What fits a kind of model.
    public static func standard(for kind: KeypointModelKind) -> KeypointConfiguration {
        switch kind {
        case .cells, .heatmap: .superPoint
        case .reliableCells: .xfeat
        case .aliked: .aliked
        case .keypoints: .unfiltered
        }
    }
}
