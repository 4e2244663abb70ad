import CairnCore

extension VerificationConfiguration: Decodable {
    /// Reads a configuration: missing keys take the defaults of the model's preset, unknown keys are an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "verification")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        switch try values.decodeIfPresent(GeometricModelKind.self, forKey: .model) ?? .homography {
        case .homography: self = .homography
        case .affine: self = .affine
        case .fundamental: self = .fundamental
        }
        func read<Value: Decodable>(_ path: WritableKeyPath<Self, Value>, _ key: CodingKeys) throws {
            if let value = try values.decodeIfPresent(Value.self, forKey: key) { self[keyPath: path] = value }
        }
        try read(\.threshold, .threshold)
        try read(\.confidence, .confidence)
        try read(\.maximumIterations, .maximumIterations)
        try read(\.maximumFrameHypotheses, .maximumFrameHypotheses)
        try read(\.minimumInliers, .minimumInliers)
        try read(\.localOptimizationRounds, .localOptimizationRounds)
        try read(\.maximumRotationDifference, .maximumRotationDifference)
        try read(\.maximumScaleFactor, .maximumScaleFactor)
        try read(\.maximumMagnification, .maximumMagnification)
        try read(\.maximumAnisotropy, .maximumAnisotropy)
        try read(\.seed, .seed)
    }
}
