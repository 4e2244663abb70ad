import CairnImaging

/// A label of a collection, with what is known of it.
public struct LandmarkSummary: Sendable, Hashable, Codable {
    /// The label.
    public var name: String

    /// What to call it, where the label is a number or a code.
    public var title: String?

    /// Anything else worth knowing.
    public var note: String?

    /// Images that have it.
    public var imageCount: Int

    /// Where it is: the place given for it, else the median of its images' places.
    public var place: GPSPosition?

    /// Whether the place was given rather than taken from the images.
    public var isPlaceGiven: Bool
}
