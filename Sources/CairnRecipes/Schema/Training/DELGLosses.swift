/// The losses of DELG's local half, beside the stage's own, which train the global half.
///
/// Cao, Araujo and Sim 2020, sections 3.3 and 3.4: cross-entropy of attention-pooled reconstructions, and the squared error of
/// the autoencoder. Gradients of both stop at the shallow map.
public struct DELGLosses: Codable, Sendable, Hashable {
    /// What the stage's own losses are multiplied by; 1.
    public var globalWeight = 1.0
    /// What the attention's cross-entropy is multiplied by; 1.
    public var attentionWeight = 1.0
    /// What the reconstruction's squared error is multiplied by; 10.
    public var reconstructionWeight = 10.0
    /// The attention's gradient does not reach the backbone; yes.
    public var stopsAttentionGradient = true
    /// The reconstruction's gradient does not reach the backbone; yes.
    public var stopsReconstructionGradient = true

    /// 1 : 1 : 10, stopped.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
        case globalWeight, attentionWeight, reconstructionWeight, stopsAttentionGradient, stopsReconstructionGradient
    }
}

extension DELGLosses: YAMLDecodable {
    /// Reads the weights; `delg: {}` has the paper's.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.globalWeight, into: &globalWeight, .within(0...1e6))
        try fields.read(.attentionWeight, into: &attentionWeight, .within(0...1e6))
        try fields.read(.reconstructionWeight, into: &reconstructionWeight, .within(0...1e6))
        try fields.read(.stopsAttentionGradient, into: &stopsAttentionGradient)
        try fields.read(.stopsReconstructionGradient, into: &stopsReconstructionGradient)
    }
}
