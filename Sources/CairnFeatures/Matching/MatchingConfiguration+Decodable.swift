import CairnCore

extension MatchingConfiguration {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case ratio, ratioSide, mutual, minimumCosine, maximumMatches
    }

    /// Reads the settings that are given and keeps the defaults of the rest. Throws `FeatureError` for an unknown
    /// setting or an impossible value.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "matching")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        ratio = try values.decodeIfPresent(Float.self, forKey: .ratio) ?? ratio
        ratioSide = try values.decodeIfPresent(RatioSide.self, forKey: .ratioSide) ?? ratioSide
        mutual = try values.decodeIfPresent(Bool.self, forKey: .mutual) ?? mutual
        minimumCosine = try values.decodeIfPresent(Float.self, forKey: .minimumCosine) ?? minimumCosine
        maximumMatches = try values.decodeIfPresent(Int.self, forKey: .maximumMatches) ?? maximumMatches
        guard ratio > 0, maximumMatches >= 0, (-1...1).contains(minimumCosine) else {
            throw FeatureError(
                .invalidArgument,
                "matching needs a ratio above 0, a cosine from -1 to 1 and at least 0 matches, not \(ratio), \(minimumCosine) and \(maximumMatches)"
            )
        }
    }
}

extension GuidedMatchingConfiguration {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case radius, maximumDistance, ratio
    }

    /// Reads the settings that are given and keeps the defaults of the rest. Throws `FeatureError` for an unknown
    /// setting or an impossible value.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "guided matching")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        radius = try values.decodeIfPresent(Double.self, forKey: .radius) ?? radius
        maximumDistance = try values.decodeIfPresent(Float.self, forKey: .maximumDistance) ?? maximumDistance
        ratio = try values.decodeIfPresent(Float.self, forKey: .ratio) ?? ratio
        guard radius > 0, radius.isFinite, maximumDistance > 0, ratio > 0 else {
            throw FeatureError(
                .invalidArgument,
                "guided matching needs radius, distance and ratio above 0, not \(radius), \(maximumDistance), \(ratio)"
            )
        }
    }
}
