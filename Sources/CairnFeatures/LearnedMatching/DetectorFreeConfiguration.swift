import CairnCore

/// How images are shown to a network that matches without keypoints, and which of its matches are kept.
public struct DetectorFreeConfiguration: Codable, Sendable, Hashable {
    /// Images larger than this on their long side are reduced to it, in pixels. Time grows with its fourth power.
    public var longSide = 640
    /// Sides are padded to multiples of this, itself a multiple of 8. Coarser ones give fewer sizes to compile networks for.
    public var sizeMultiple = 32
    /// The least confidence of a match of cells, in [0, 1].
    public var threshold: Float = 0.2
    /// Cells at each edge of an image in which there are no matches.
    public var border = 2
    /// At most this many matches are refined, the surest.
    public var maximumMatches = 4_096

    /// The defaults, which are those of the authors of LoFTR.
    public init() {}

    /// As the authors of LoFTR choose.
    public static let loftr = DetectorFreeConfiguration()

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case longSide, sizeMultiple, threshold, border, maximumMatches
    }

    /// Reads what is there; the rest keeps its default, and unknown keys are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "detector-free matching")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        longSide = try values.decodeIfPresent(Int.self, forKey: .longSide) ?? longSide
        sizeMultiple = try values.decodeIfPresent(Int.self, forKey: .sizeMultiple) ?? sizeMultiple
        threshold = try values.decodeIfPresent(Float.self, forKey: .threshold) ?? threshold
        border = try values.decodeIfPresent(Int.self, forKey: .border) ?? border
        maximumMatches = try values.decodeIfPresent(Int.self, forKey: .maximumMatches) ?? maximumMatches
        try validate()
    }

    /// Throws `FeatureError` where a setting makes no sense.
    func validate() throws {
        guard longSide >= 32, sizeMultiple > 0, sizeMultiple % 8 == 0, (0...1).contains(threshold), border >= 0,
            maximumMatches > 0
        else {
            throw FeatureError(
                .invalidArgument,
                "detector-free matching needs a long side of 32 at least, a multiple of 8, a threshold in [0, 1], and numbers above 0, not \(self)"
            )
        }
    }
}
