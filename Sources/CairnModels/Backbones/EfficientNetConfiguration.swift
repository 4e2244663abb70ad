import CairnCore

/// Which EfficientNet: how wide and deep, and how borders are padded. Presets `b0` to `b7`.
public struct EfficientNetConfiguration: Codable, Sendable, Hashable {
    /// Channels, as a multiple of B0's.
    public var width: Double
    /// Blocks, as a multiple of B0's.
    public var depth: Double
    /// Probability of dropping a feature before the classifier, in training.
    public var dropout: Float
    /// Probability of leaving out the last residual branch, in training; it grows evenly from 0 at the first one.
    public var stochasticDepth: Float
    /// Zeros around maps: symmetric for timm's `efficientnet_b*`, `same` for `tf_efficientnet_b*`.
    public var padding: ConvolutionPadding
    /// Added to variances: 1e-5 for timm's `efficientnet_b*`, 1e-3 for `tf_efficientnet_b*`.
    public var epsilon: Float

    /// A network of timm's `efficientnet_b*` kind.
    public init(
        width: Double, depth: Double, dropout: Float, stochasticDepth: Float = 0.2,
        padding: ConvolutionPadding = .symmetric, epsilon: Float = 1e-5
    ) {
        self.width = width
        self.depth = depth
        self.dropout = dropout
        self.stochasticDepth = stochasticDepth
        self.padding = padding
        self.epsilon = epsilon
    }

    /// The same network as trained in TensorFlow: timm's `tf_efficientnet_b*`, which most weights of the larger ones are.
    public var tensorFlow: EfficientNetConfiguration {
        var copy = self
        copy.padding = .same
        copy.epsilon = 1e-3
        return copy
    }

    /// B0, for 224 px.
    public static let b0 = EfficientNetConfiguration(width: 1.0, depth: 1.0, dropout: 0.2)
    /// B1, for 240 px.
    public static let b1 = EfficientNetConfiguration(width: 1.0, depth: 1.1, dropout: 0.2)
    /// B2, for 260 px.
    public static let b2 = EfficientNetConfiguration(width: 1.1, depth: 1.2, dropout: 0.3)
    /// B3, for 300 px.
    public static let b3 = EfficientNetConfiguration(width: 1.2, depth: 1.4, dropout: 0.3)
    /// B4, for 380 px.
    public static let b4 = EfficientNetConfiguration(width: 1.4, depth: 1.8, dropout: 0.4)
    /// B5, for 456 px.
    public static let b5 = EfficientNetConfiguration(width: 1.6, depth: 2.2, dropout: 0.4)
    /// B6, for 528 px.
    public static let b6 = EfficientNetConfiguration(width: 1.8, depth: 2.6, dropout: 0.5)
    /// B7, for 600 px.
    public static let b7 = EfficientNetConfiguration(width: 2.0, depth: 3.1, dropout: 0.5)

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case width, depth, dropout, stochasticDepth, padding, epsilon
    }

    /// Reads settings; what is left out has B0's, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "an EfficientNet")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = EfficientNetConfiguration.b0
        width = try values.decodeIfPresent(Double.self, forKey: .width) ?? defaults.width
        depth = try values.decodeIfPresent(Double.self, forKey: .depth) ?? defaults.depth
        dropout = try values.decodeIfPresent(Float.self, forKey: .dropout) ?? defaults.dropout
        stochasticDepth = try values.decodeIfPresent(Float.self, forKey: .stochasticDepth) ?? defaults.stochasticDepth
        padding = try values.decodeIfPresent(ConvolutionPadding.self, forKey: .padding) ?? defaults.padding
        epsilon = try values.decodeIfPresent(Float.self, forKey: .epsilon) ?? defaults.epsilon
    }

    /// One stage of B0.
    struct Stage: Sendable {
        let repeats: Int
        let kernel: Int
        let stride: Int
        let expansion: Int
        let channels: Int
    }

    /// B0: table 1 of the paper.
    static let stages = [
        Stage(repeats: 1, kernel: 3, stride: 1, expansion: 1, channels: 16),
        Stage(repeats: 2, kernel: 3, stride: 2, expansion: 6, channels: 24),
        Stage(repeats: 2, kernel: 5, stride: 2, expansion: 6, channels: 40),
        Stage(repeats: 3, kernel: 3, stride: 2, expansion: 6, channels: 80),
        Stage(repeats: 3, kernel: 5, stride: 1, expansion: 6, channels: 112),
        Stage(repeats: 4, kernel: 5, stride: 2, expansion: 6, channels: 192),
        Stage(repeats: 1, kernel: 3, stride: 1, expansion: 6, channels: 320),
    ]

    /// B0's channels made wider and rounded to a multiple of 8, never down by more than a tenth.
    func channels(_ base: Int) -> Int {
        let wanted = Double(base) * width
        let rounded = max(8, Int(wanted + 4) / 8 * 8)
        return Double(rounded) < 0.9 * wanted ? rounded + 8 : rounded
    }

    /// B0's blocks of a stage made more, rounded up.
    func repeats(_ base: Int) -> Int { Int((Double(base) * depth).rounded(.up)) }
}
