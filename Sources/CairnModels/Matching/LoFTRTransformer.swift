import CairnNN

/// A layer of LoFTR's transformers: linear attention and a feed-forward network, each normalised (section 3.2).
struct LoFTREncoderLayer<T: Tensor> {
    private let projections: (query: Linear<T>, key: Linear<T>, value: Linear<T>)
    private let merge: Linear<T>
    private let expansion: Linear<T>
    private let contraction: Linear<T>
    private let norms: (LayerNorm<T>, LayerNorm<T>)
    private let heads: Int

    init(_ parameters: Parameters<T>, size: Int, heads: Int) throws {
        func linear(_ place: Parameters<T>, from inputs: Int, to outputs: Int) throws -> Linear<T> {
            try Linear(place, from: inputs, to: outputs, bias: false, initializer: .xavierUniform)
        }
        self.heads = heads
        projections = (
            try linear(parameters["q_proj"], from: size, to: size),
            try linear(parameters["k_proj"], from: size, to: size),
            try linear(parameters["v_proj"], from: size, to: size)
        )
        merge = try linear(parameters["merge"], from: size, to: size)
        expansion = try linear(parameters["mlp"][0], from: 2 * size, to: 2 * size)
        contraction = try linear(parameters["mlp"][2], from: 2 * size, to: size)
        norms = (try LayerNorm(parameters["norm1"], size), try LayerNorm(parameters["norm2"], size))
    }

    /// `x`, `[N, L, C]`, having looked at `source`, `[N, S, C]` with validity `[N, S]`.
    func callAsFunction(_ x: T, source: T, validity: T?) throws -> T {
        let context = try MaskedAttention.attendLinearly(
            queries: MaskedAttention.split(projections.query(x), heads: heads),
            keys: MaskedAttention.split(projections.key(source), heads: heads),
            values: MaskedAttention.split(projections.value(source), heads: heads), validity: validity)
        let message = try norms.0(merge(MaskedAttention.joined(context)))
        return try x + norms.1(contraction(expansion(x.concatenated(with: [message], axis: 2)).relu()))
    }
}

/// Layers that look within an image and across, in turn.
struct LoFTRTransformer<T: Tensor> {
    private let layers: [LoFTREncoderLayer<T>]

    init(_ parameters: Parameters<T>, pairs: Int, size: Int, heads: Int) throws {
        layers = try (0..<(2 * pairs)).map {
            try LoFTREncoderLayer(parameters["layers"][$0], size: size, heads: heads)
        }
    }

    /// `[N, L, C]` and `[N, S, C]`. Across, the second image sees the first one already updated, as in the authors' code.
    func callAsFunction(_ a: T, _ b: T, validities: (T?, T?) = (nil, nil)) throws -> (T, T) {
        var (a, b) = (a, b)
        for (index, layer) in layers.enumerated() {
            if index % 2 == 0 {
                a = try layer(a, source: a, validity: validities.0)
                b = try layer(b, source: b, validity: validities.1)
            } else {
                a = try layer(a, source: b, validity: validities.1)
                b = try layer(b, source: a, validity: validities.0)
            }
        }
        return (a, b)
    }
}
