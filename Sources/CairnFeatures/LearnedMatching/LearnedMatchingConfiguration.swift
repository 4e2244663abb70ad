import CairnCore

/// Which of a matching network's assignments become matches.
public struct LearnedMatchingConfiguration: Codable, Sendable, Hashable {
    /// The least confidence of a match, in [0, 1].
    public var threshold: Float = 0.1
    /// Numbers of keypoints for which there are networks, ascending. A pair uses the smallest that holds both lists; of longer
    /// lists only the strongest keypoints take part.
    public var sizes = [512, 1_024, 2_048]

    /// The defaults, which are LightGlue's.
    public init() {}

    /// As the authors of LightGlue choose.
    public static let lightGlue = LearnedMatchingConfiguration()
    /// As the authors of SuperGlue choose.
    public static let superGlue: LearnedMatchingConfiguration = {
        var configuration = LearnedMatchingConfiguration()
        configuration.threshold = 0.2
        return configuration
    }()

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case threshold, sizes
    }

    /// Reads what is there; the rest keeps its default, and unknown keys are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "learned matching")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        threshold = try values.decodeIfPresent(Float.self, forKey: .threshold) ?? threshold
        sizes = try values.decodeIfPresent([Int].self, forKey: .sizes) ?? sizes
        try validate()
    }

    /// Throws `FeatureError` where a setting makes no sense.
    func validate() throws {
        guard (0...1).contains(threshold) else {
            throw FeatureError(.invalidArgument, "the threshold \(threshold) is no confidence; it lies in [0, 1]")
        }
        guard !sizes.isEmpty, sizes[0] > 0, zip(sizes, sizes.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw FeatureError(.invalidArgument, "the sizes \(sizes) are not ascending numbers of keypoints")
        }
    }
}
