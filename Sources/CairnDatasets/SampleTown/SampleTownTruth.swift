/// What `truth.json` holds: a town's settings, and the truth about each of its images.
public struct SampleTownTruth: Hashable, Sendable, Codable {
    /// The settings that make the same town again.
    public let town: SampleTown

    /// One record an image: landmarks in order, each with its views, then look-alikes, then views of none.
    public let views: [SampleTownRecord]
}

/// The truth about one image of a town.
public struct SampleTownRecord: Hashable, Sendable, Codable {
    /// Path relative to the set's folder.
    public let image: String

    /// The landmark's folder; nil for views of none.
    public let landmark: String?

    /// For look-alikes, the folder of the landmark that shares their design.
    public let resembles: String?

    /// What the view shows, and how.
    public let kind: TownView.Kind

    /// When it was taken; nil where there is no daylight.
    public let time: TimeOfDay?

    /// Whether `queries.csv` names it.
    public let isQuery: Bool

    /// From the pixels of the façade's texture to the image's; nil where there is no façade.
    public let homography: PlaneMap?

    /// The camera, in the landmark's own frame; nil where there is no façade.
    public let pose: CameraPose?

    /// The share of the façade inside the image's frame, 0 to 1.
    public let facadeShare: Double
}
