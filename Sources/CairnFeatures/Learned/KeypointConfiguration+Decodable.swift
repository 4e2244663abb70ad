extension KeypointConfiguration {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case longSide, maximumKeypoints, scoreThreshold, sufficientKeypoints, suppression, suppressionRadius, border
        case refinesPositions, temperature, sizeMultiple
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads the settings that are given and keeps SuperPoint's for the rest. Throws `FeatureError` for an unknown setting or
    /// an impossible value.
    public init(from decoder: any Decoder) throws {
        let known = Set(CodingKeys.allCases.map(\.stringValue))
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw FeatureError(
                .invalidArgument,
                "keypoints have no setting \"\(key.stringValue)\"; there are \(known.sorted().joined(separator: ", "))")
        }
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys, _ standard: Value) throws -> Value {
            try values.decodeIfPresent(Value.self, forKey: key) ?? standard
        }
        longSide = try value(.longSide, longSide)
        maximumKeypoints = try value(.maximumKeypoints, maximumKeypoints)
        scoreThreshold = try value(.scoreThreshold, scoreThreshold)
        sufficientKeypoints = try value(.sufficientKeypoints, sufficientKeypoints)
        suppression = try value(.suppression, suppression)
        suppressionRadius = try value(.suppressionRadius, suppressionRadius)
        border = try value(.border, border)
        refinesPositions = try value(.refinesPositions, refinesPositions)
        temperature = try value(.temperature, temperature)
        sizeMultiple = try value(.sizeMultiple, sizeMultiple)
        try validate()
    }

    /// Throws `FeatureError` unless every setting is in its range.
    public func validate() throws {
        guard (32...16_384).contains(longSide), maximumKeypoints > 0, !scoreThreshold.isNaN, sufficientKeypoints >= 0,
            (1...64).contains(suppressionRadius), (0...1_024).contains(border), temperature > 0, temperature.isFinite,
            (1...1_024).contains(sizeMultiple)
        else {
            throw FeatureError(
                .invalidArgument,
                "keypoints need a long side from 32 to 16,384, a radius from 1 to 64, a border up to 1,024, a size multiple from 1 to 1,024 and a temperature above 0, not \(self)"
            )
        }
    }
}
