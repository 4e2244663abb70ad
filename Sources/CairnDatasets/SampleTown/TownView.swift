import CairnImaging

/// One rendered photo, with the truth about it.
public struct TownView: Sendable {
    /// What a view shows.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The whole front, from nearly straight ahead.
        case frontal
        /// The whole front from the side.
        case oblique
        /// A part of the front.
        case detail
        /// Any of these after sunset.
        case night
        /// A building of the same design as a landmark, with other details.
        case lookAlike
        /// Ordinary houses.
        case street
        /// Trees and grass.
        case park
        /// Things on a table.
        case stillLife
        /// Pattern without a scene.
        case abstract
    }

    /// The picture.
    public let image: RGBImage

    /// The landmark's name; nil where the view shows none.
    public let label: String?

    /// What the view shows, and how.
    public let kind: Kind

    /// When it was taken; nil where there is no daylight.
    public let time: TimeOfDay?

    /// From the pixels of the façade's texture to the view's; nil where there is no façade.
    public let homography: PlaneMap?

    /// The camera, in the landmark's own frame; nil where there is no façade.
    public let pose: CameraPose?

    /// The share of the façade inside the view's frame, 0 to 1, whatever stands in front of it.
    public let facadeShare: Double
}
