import CairnCore
import CairnNN

/// Which normaliser-free network. Presets `f0` and `l0`.
public struct NFNetConfiguration: Codable, Sendable, Hashable {
    /// The nonlinearity between convolutions.
    public enum Activation: String, Codable, Sendable, Hashable {
        /// NFNet-F's.
        case gelu
        /// The light networks'.
        case silu

        /// What it multiplies the deviation of a normal input by, inverted: Brock et al. 2021 call it γ.
        var gamma: Float {
            switch self {
            case .gelu: 1.701_504_3
            case .silu: 1.788_129_3
            }
        }

        /// The function itself.
        var function: ElementwiseFunction {
            switch self {
            case .gelu: .gelu
            case .silu: .silu
            }
        }
    }

    /// Blocks in each of the four stages.
    public var depths: [Int]
    /// Channels out of each of the four stages.
    public var widths: [Int]
    /// Channels of the feature map, from the last convolution.
    public var features: Int
    /// Channels in a block, as a part of those out of it.
    public var bottleneck: Double
    /// Channels that a 3 x 3 kernel sees.
    public var groupSize: Int
    /// Squeezed channels, as a part of a block's.
    public var squeeze: Double
    /// The nonlinearity.
    public var activation: Activation
    /// Each activation is multiplied by γ, as DeepMind's weights want it; otherwise each kernel is.
    public var scalesActivations: Bool
    /// Each residual branch ends in a learned gain that starts at 0.
    public var hasSkipGain: Bool
    /// Zeros around maps: `same` for DeepMind's weights.
    public var padding: ConvolutionPadding
    /// What a residual branch is multiplied by, α.
    public var alpha: Float
    /// Probability of dropping a feature before the classifier, in training.
    public var dropout: Float
    /// Probability of leaving out the last residual branch, in training; it grows evenly from 0 at the first one.
    public var stochasticDepth: Float

    /// Sets each part.
    public init(
        depths: [Int] = [1, 2, 6, 3], widths: [Int] = [256, 512, 1536, 1536], features: Int = 3072,
        bottleneck: Double = 0.5, groupSize: Int = 128, squeeze: Double = 0.5, activation: Activation = .gelu,
        scalesActivations: Bool = true, hasSkipGain: Bool = true, padding: ConvolutionPadding = .same,
        alpha: Float = 0.2, dropout: Float = 0.2, stochasticDepth: Float = 0.25
    ) {
        self.depths = depths
        self.widths = widths
        self.features = features
        self.bottleneck = bottleneck
        self.groupSize = groupSize
        self.squeeze = squeeze
        self.activation = activation
        self.scalesActivations = scalesActivations
        self.hasSkipGain = hasSkipGain
        self.padding = padding
        self.alpha = alpha
        self.dropout = dropout
        self.stochasticDepth = stochasticDepth
    }

    /// NFNet-F0 with DeepMind's weights, timm's `dm_nfnet_f0`: for 192 px, tested at 256.
    public static let f0 = NFNetConfiguration()

    /// A light one, timm's `nfnet_l0`: SiLU, half as wide in its blocks; for 224 px, tested at 288.
    public static let l0 = NFNetConfiguration(
        features: 2304, bottleneck: 0.25, groupSize: 64, squeeze: 0.25, activation: .silu, scalesActivations: false,
        hasSkipGain: false, padding: .symmetric)

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case depths, widths, features, bottleneck, groupSize, squeeze, activation, scalesActivations, hasSkipGain,
            padding
        case alpha, dropout, stochasticDepth
    }

    /// Reads settings; what is left out has F0's, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "an NFNet")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = NFNetConfiguration.f0
        depths = try values.decodeIfPresent([Int].self, forKey: .depths) ?? defaults.depths
        widths = try values.decodeIfPresent([Int].self, forKey: .widths) ?? defaults.widths
        features = try values.decodeIfPresent(Int.self, forKey: .features) ?? defaults.features
        bottleneck = try values.decodeIfPresent(Double.self, forKey: .bottleneck) ?? defaults.bottleneck
        groupSize = try values.decodeIfPresent(Int.self, forKey: .groupSize) ?? defaults.groupSize
        squeeze = try values.decodeIfPresent(Double.self, forKey: .squeeze) ?? defaults.squeeze
        activation = try values.decodeIfPresent(Activation.self, forKey: .activation) ?? defaults.activation
        scalesActivations =
            try values.decodeIfPresent(Bool.self, forKey: .scalesActivations) ?? defaults.scalesActivations
        hasSkipGain = try values.decodeIfPresent(Bool.self, forKey: .hasSkipGain) ?? defaults.hasSkipGain
        padding = try values.decodeIfPresent(ConvolutionPadding.self, forKey: .padding) ?? defaults.padding
        alpha = try values.decodeIfPresent(Float.self, forKey: .alpha) ?? defaults.alpha
        dropout = try values.decodeIfPresent(Float.self, forKey: .dropout) ?? defaults.dropout
        stochasticDepth = try values.decodeIfPresent(Float.self, forKey: .stochasticDepth) ?? defaults.stochasticDepth
    }
}
