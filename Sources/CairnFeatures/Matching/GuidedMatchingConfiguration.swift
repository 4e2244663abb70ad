/// Where `GuidedMatcher` looks, and what it accepts there.
public struct GuidedMatchingConfiguration: Codable, Sendable, Hashable {
    /// How far from its predicted place a keypoint may be, in pixels of the candidate image.
    public var radius = 6.0

    /// Largest distance of two descriptors, in lengths of a descriptor: right pairs are mostly below 0.6,
    /// unrelated ones around 1.
    public var maximumDistance: Float = 0.7

    /// A match's distance must be below this part of that to any other place within the radius; from 1 on there is no
    /// test.
    public var ratio: Float = 0.95

    /// The defaults.
    public init() {}

    /// The defaults.
    public static let standard = GuidedMatchingConfiguration()

    /// For models estimated from few inliers: a radius of 12 pixels.
    public static let wide: GuidedMatchingConfiguration = {
        var configuration = GuidedMatchingConfiguration()
        configuration.radius = 12
        return configuration
    }()
}
