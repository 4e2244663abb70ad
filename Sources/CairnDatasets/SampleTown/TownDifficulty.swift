/// How hard a town's views are: what varies between two views of one landmark, and by how much.
public struct TownDifficulty: Hashable, Sendable, Codable {
    /// The preset's name, for reports.
    public var name: String

    /// The largest angle between a view's direction and the façade's normal, in degrees; below 75.
    public var yaw: Double

    /// The largest tilt of the camera about its axis, in degrees.
    public var roll: Double

    /// The closest view, as the factor by which it enlarges one that shows the whole front; 1 and more.
    public var zoom: Double

    /// The share of views that show a detail instead of the whole front, 0 to 1.
    public var detailShare: Double

    /// Exposure between 1 / (1 + e) and 1 + e times the right one.
    public var exposure: Double

    /// Gains of red and blue between 1 - b and 1 + b.
    public var whiteBalance: Double

    /// Standard deviation of the sensor's noise, in grey levels of 255; about half of it in a bright view.
    public var noise: Double

    /// The largest blur, in passes of a [1 2 1] / 4 kernel.
    public var blur: Double

    /// The largest number of things that stand in front.
    public var occluders: Int

    /// The chance that a shadow from outside the picture falls on the façade, 0 to 1.
    public var castShadow: Double

    /// When views may be taken.
    public var times: [TimeOfDay]

    /// Makes a difficulty of one's own.
    public init(
        name: String, yaw: Double, roll: Double, zoom: Double, detailShare: Double, exposure: Double,
        whiteBalance: Double, noise: Double, blur: Double, occluders: Int, castShadow: Double, times: [TimeOfDay]
    ) {
        self.name = name
        self.yaw = yaw
        self.roll = roll
        self.zoom = zoom
        self.detailShare = detailShare
        self.exposure = exposure
        self.whiteBalance = whiteBalance
        self.noise = noise
        self.blur = blur
        self.occluders = occluders
        self.castShadow = castShadow
        self.times = times
    }

    /// Daylight, nearly from the front, little in the way.
    public static let easy = TownDifficulty(
        name: "easy", yaw: 22, roll: 2, zoom: 1.3, detailShare: 0.1, exposure: 0.12, whiteBalance: 0.04, noise: 2,
        blur: 0.2, occluders: 1, castShadow: 0.2, times: [.noon, .overcast, .goldenHour])

    /// What a tourist brings home: oblique views, details, dusk, people in front. The default.
    public static let medium = TownDifficulty(
        name: "medium", yaw: 42, roll: 5, zoom: 2.4, detailShare: 0.3, exposure: 0.3, whiteBalance: 0.09, noise: 4,
        blur: 0.7, occluders: 4, castShadow: 0.4, times: [.dawn, .noon, .overcast, .goldenHour, .noon, .dusk])

    /// Steep views, close details, night, dirt on everything.
    public static let hard = TownDifficulty(
        name: "hard", yaw: 58, roll: 10, zoom: 3.6, detailShare: 0.4, exposure: 0.6, whiteBalance: 0.16, noise: 8,
        blur: 1.6, occluders: 8, castShadow: 0.6, times: TimeOfDay.allCases)

    /// Neither noise nor blur, shadows, occluders or odd exposure, at noon; what geometry is checked on.
    public static let clean = TownDifficulty(
        name: "clean", yaw: 35, roll: 3, zoom: 1.5, detailShare: 0.2, exposure: 0, whiteBalance: 0, noise: 0, blur: 0,
        occluders: 0, castShadow: 0, times: [.noon])

    /// The presets, easiest first.
    public static let presets = [easy, medium, hard]
}
