import CairnNN

/// A convolution of kernel 1 over a list of keypoints, named as torch's `Conv1d`: `weight` `[outputs, inputs, 1]` and `bias`.
struct PointwiseConv1d<T: Tensor> {
    private let weight: T
    private let bias: T
    private let name: String

    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int) throws {
        name = parameters.path
        weight = try parameters("weight", [outputs, inputs, 1], .kaimingUniform)
        bias = try parameters("bias", [outputs], role: .bias, .constant(0))
    }

    /// `[N, K, inputs]` to `[N, K, outputs]`: keypoints are rows here, channels are last.
    func callAsFunction(_ x: T) throws -> T {
        try Layer.located(name) {
            let matrix = try weight.reshaped([weight.shape[0], weight.shape[1]]).transposed()
            return try x.matrixProduct(with: matrix) + bias
        }
    }
}

/// Convolutions of kernel 1, between them batch normalisation and ReLU. Numbers count all three, as in torch's `Sequential`.
struct PointwiseNetwork<T: Tensor> {
    private let convolutions: [PointwiseConv1d<T>]
    private let norms: [BatchNorm2d<T>]

    init(_ parameters: Parameters<T>, widths: [Int]) throws {
        convolutions = try widths.indices.dropLast().map {
            try PointwiseConv1d(parameters[3 * $0], from: widths[$0], to: widths[$0 + 1])
        }
        norms = try widths.indices.dropFirst().dropLast().map {
            try BatchNorm2d(parameters[3 * $0 - 2], widths[$0])
        }
    }

    /// `[N, K, inputs]` to `[N, K, outputs]`.
    func callAsFunction(_ x: T) throws -> T {
        var x = x
        for (convolution, norm) in zip(convolutions, norms) {
            let y = try convolution(x)
            let rows: Shape = [y.shape[0] * y.shape[1], y.shape[2]]
            x = try norm(y.reshaped(rows)).relu().reshaped(y.shape)
        }
        guard let last = convolutions.last else { return x }
        return try last(x)
    }
}

/// One layer of the attentional graph network (section 3.1): keypoints gather a message from a list and are updated by it.
struct SuperGlueLayer<T: Tensor> {
    private let projections: [PointwiseConv1d<T>]
    private let merge: PointwiseConv1d<T>
    private let update: PointwiseNetwork<T>
    private let heads: Int

    init(_ parameters: Parameters<T>, size: Int, heads: Int) throws {
        self.heads = heads
        let attention = parameters["attn"]
        merge = try PointwiseConv1d(attention["merge"], from: size, to: size)
        projections = try (0..<3).map { try PointwiseConv1d(attention["proj"][$0], from: size, to: size) }
        update = try PointwiseNetwork(parameters["mlp"], widths: [2 * size, 2 * size, size])
    }

    /// What is added to `x`, `[N, K, D]`, which looks at `source`, `[N, S, D]` with validity `[N, S]`.
    func callAsFunction(_ x: T, source: T, validity: T?) throws -> T {
        let context = try MaskedAttention.attend(
            queries: split(projections[0](x)), keys: split(projections[1](source)),
            values: split(projections[2](source)), validity: validity)
        let message = try merge(context.permuted([0, 2, 3, 1]).reshaped(x.shape))
        return try update(x.concatenated(with: [message], axis: 2))
    }

    /// `[N, K, D]` to `[N, H, K, d]`. A channel's head is its number modulo the number of heads, as the checkpoints have it.
    private func split(_ x: T) throws -> T {
        try x.reshaped([x.shape[0], x.shape[1], x.shape[2] / heads, heads]).permuted([0, 3, 1, 2])
    }
}
