import CairnCore

/// Which Swin Transformer. Presets `tiny`, `small` and `base`.
public struct SwinConfiguration: Codable, Sendable, Hashable {
    /// Channels of the first stage; each later one has twice as many.
    public var width: Int
    /// Blocks in each stage.
    public var depths: [Int]
    /// Attention heads in each stage.
    public var heads: [Int]
    /// Rows and columns of tokens in a window.
    public var window: Int
    /// Hidden size of the perceptrons, as a multiple of the tokens'.
    public var expansion: Int
    /// Probability of dropping a feature before the classifier, in training.
    public var dropout: Float
    /// Probability of leaving out the last residual branches, in training; it grows evenly from 0 at the first ones.
    public var stochasticDepth: Float

    /// Sets each part.
    public init(
        width: Int, depths: [Int], heads: [Int], window: Int = 7, expansion: Int = 4, dropout: Float = 0,
        stochasticDepth: Float
    ) {
        self.width = width
        self.depths = depths
        self.heads = heads
        self.window = window
        self.expansion = expansion
        self.dropout = dropout
        self.stochasticDepth = stochasticDepth
    }

    /// Swin-T: timm's `swin_tiny_patch4_window7_224`.
    public static let tiny = SwinConfiguration(
        width: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24], stochasticDepth: 0.2)
    /// Swin-S: timm's `swin_small_patch4_window7_224`.
    public static let small = SwinConfiguration(
        width: 96, depths: [2, 2, 18, 2], heads: [3, 6, 12, 24], stochasticDepth: 0.3)
    /// Swin-B: timm's `swin_base_patch4_window7_224`.
    public static let base = SwinConfiguration(
        width: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32], stochasticDepth: 0.5)
    /// Swin-B with windows of 12 tokens, for 384 px: timm's `swin_base_patch4_window12_384`.
    public static let base384 = SwinConfiguration(
        width: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32], window: 12, stochasticDepth: 0.5)

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case width, depths, heads, window, expansion, dropout, stochasticDepth
    }

    /// Reads settings; what is left out has Swin-T's, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a Swin Transformer")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = SwinConfiguration.tiny
        width = try values.decodeIfPresent(Int.self, forKey: .width) ?? defaults.width
        depths = try values.decodeIfPresent([Int].self, forKey: .depths) ?? defaults.depths
        heads = try values.decodeIfPresent([Int].self, forKey: .heads) ?? defaults.heads
        window = try values.decodeIfPresent(Int.self, forKey: .window) ?? defaults.window
        expansion = try values.decodeIfPresent(Int.self, forKey: .expansion) ?? defaults.expansion
        dropout = try values.decodeIfPresent(Float.self, forKey: .dropout) ?? defaults.dropout
        stochasticDepth = try values.decodeIfPresent(Float.self, forKey: .stochasticDepth) ?? defaults.stochasticDepth
    }
}
