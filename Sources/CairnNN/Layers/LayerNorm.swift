/// Normalisation over the last axis, named as torch's `LayerNorm`: `weight`, `bias`.
public struct LayerNorm<T: Tensor> {
    private let weight: T
    private let bias: T
    private let epsilon: Float
    private let name: String

    /// Takes its parameters by name.
    public init(_ parameters: Parameters<T>, _ size: Int, epsilon: Float = 1e-5) throws {
        name = parameters.path
        self.epsilon = epsilon
        weight = try parameters("weight", [size], role: .normalization, .constant(1))
        bias = try parameters("bias", [size], role: .normalization, .constant(0))
    }

    /// The same shape. Throws `NetworkError` with this layer's name.
    public func callAsFunction(_ x: T) throws -> T {
        try Layer.located(name) { try x.layerNormalized(weight: weight, bias: bias, epsilon: epsilon) }
    }
}
