import CairnCore

extension KeypointConfiguration {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case longSide, maximumKeypoints, scoreThreshold, sufficientKeypoints, suppression, suppressionRadius, border
        case refinesPositions, temperature, sizeMultiple, pyramid, minimumCosine
    }

    /// Reads the settings that are given and keeps SuperPoint's for the rest. Throws `FeatureError` for an unknown setting or
    /// an impossible value.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a keypoint model")
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
        pyramid = try value(.pyramid, pyramid)
        minimumCosine = try value(.minimumCosine, minimumCosine)
        try validate()
    }

    /// Throws `FeatureError` unless every setting is in its range.
    public func validate() throws {
        guard (32...16_384).contains(longSide), maximumKeypoints > 0, !scoreThreshold.isNaN, sufficientKeypoints >= 0,
            (1...64).contains(suppressionRadius), (0...1_024).contains(border), temperature > 0, temperature.isFinite,
            (1...1_024).contains(sizeMultiple), (1...16).contains(pyramid.count),
            pyramid.allSatisfy({ $0 >= 0.05 && $0 <= 4 }), (-1...1).contains(minimumCosine)
        else {
            throw FeatureError(
                .invalidArgument,
                "keypoints need a long side from 32 to 16,384, a radius from 1 to 64, a border up to 1,024, a size multiple from 1 to 1,024, a temperature above 0, 1 to 16 factors of a pyramid from 0.05 to 4 and a cosine from -1 to 1, not \(self)"
            )
        }
    }
}
