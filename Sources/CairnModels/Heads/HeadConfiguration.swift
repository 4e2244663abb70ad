import CairnCore

/// What makes a descriptor of a pooled vector.
///
/// Names of parameters are below the head's place, which is `head` in a `DescriptorNetwork`.
public struct HeadConfiguration: Codable, Sendable, Hashable {
    /// The layers. Every one of them is followed by an L2 normalisation, which has no parameters.
    public enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
        /// No layer.
        case none
        /// A linear layer: `fc.weight` `[D, C]`, `fc.bias`.
        case linear = "fc"
        /// A 1x1 convolution of the pooled vector and batch normalisation: `conv.weight` `[D, C, 1, 1]`, `bn.*`.
        case convolutionNorm = "conv-bn"
        /// L2 normalisation and a linear layer: `fc.weight`, `fc.bias`.
        case normalizedLinear = "l2-fc"
        /// Batch normalisation, dropout, a linear layer, batch normalisation: `bn1.*`, `fc.weight`, `fc.bias`, `bn2.*`.
        case normDropoutLinearNorm = "bn-dropout-fc-bn"
        /// A linear layer and batch normalisation: `fc.weight`, `fc.bias`, `bn.*`.
        case linearNorm = "fc-bn"
        /// DELG's whitening layer: `whiten.weight` `[D, C]`, `whiten.bias`.
        case whitening
    }

    /// The layers; none.
    public var kind: Kind
    /// The share of the pooled vector that `normDropoutLinearNorm` drops in training; 0.5.
    public var dropout: Float

    /// Sets the options.
    public init(kind: Kind = .none, dropout: Float = 0.5) {
        self.kind = kind
        self.dropout = dropout
    }

    /// L2 normalisation alone.
    public static let none = HeadConfiguration()
    /// A linear layer.
    public static let linear = HeadConfiguration(kind: .linear)
    /// DELG's whitening layer.
    public static let whitening = HeadConfiguration(kind: .whitening)

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, dropout
    }

    /// Reads settings; what is left out has its default, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a head")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = HeadConfiguration()
        kind = try values.decodeIfPresent(Kind.self, forKey: .kind) ?? defaults.kind
        dropout = try values.decodeIfPresent(Float.self, forKey: .dropout) ?? defaults.dropout
    }
}
