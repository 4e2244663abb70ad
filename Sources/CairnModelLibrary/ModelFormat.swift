/// Where a model's graph comes from.
public enum ModelFormat: String, Sendable, Codable, CaseIterable {
    /// An ONNX file holds graph and weights.
    case onnx
    /// A checkpoint holds the weights; the graph is one of Cairn's own architectures.
    case checkpoint
}
