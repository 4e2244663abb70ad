/// `x Wᵀ + b` over the last axis, named as torch's `Linear`: `weight` `[outputs, inputs]` and, where asked, `bias`.
public struct Linear<T: Tensor> {
    private let weight: T
    private let bias: T?
    private let inputs: Int
    private let name: String

    /// Takes its parameters by name.
    public init(
        _ parameters: Parameters<T>, from inputs: Int, to outputs: Int, bias: Bool = true,
        initializer: Initializer = .kaimingUniform
    ) throws {
        name = parameters.path
        self.inputs = inputs
        weight = try parameters("weight", [outputs, inputs], initializer)
        self.bias = bias ? try parameters("bias", [outputs], role: .bias, .constant(0)) : nil
    }

    /// `[…, inputs]` to `[…, outputs]`. Throws `NetworkError` with this layer's name.
    public func callAsFunction(_ x: T) throws -> T {
        try Layer.located(name) {
            guard x.shape.rank >= 1, x.shape[-1] == inputs else {
                throw NetworkError(.invalidArgument, "takes […, \(inputs)], not \(x.shape)")
            }
            let product = try x.matrixProduct(with: weight.transposed())
            guard let bias else { return product }
            return try product + bias
        }
    }
}
