import CairnNN

/// What both kinds of LightGlue's attention end with: the state is updated from itself and a message.
struct LightGlueUpdate<T: Tensor> {
    private let expansion: Linear<T>
    private let norm: LayerNorm<T>
    private let contraction: Linear<T>

    init(_ parameters: Parameters<T>, size: Int) throws {
        expansion = try Linear(parameters[0], from: 2 * size, to: 2 * size)
        norm = try LayerNorm(parameters[1], 2 * size)
        contraction = try Linear(parameters[3], from: 2 * size, to: size)
    }

    /// `[N, K, D]` and a message for each.
    func callAsFunction(_ x: T, message: T) throws -> T {
        try x + contraction(norm(expansion(x.concatenated(with: [message], axis: 2))).gelu())
    }
}

/// Rotary encoding of positions (section 3.1): frequencies in the plane are learned, and pairs of channels turn by them.
struct LightGlueRotation<T: Tensor> {
    private let frequencies: Linear<T>

    init(_ parameters: Parameters<T>, headSize: Int) throws {
        frequencies = try Linear(
            parameters["Wr"], from: 2, to: headSize / 2, bias: false, initializer: .normal(deviation: 1))
    }

    /// Cosines and sines `[N, 1, K, d / 2]` for positions `[N, K, 2]`.
    func callAsFunction(_ positions: T) throws -> (cosine: T, sine: T) {
        let angles = try frequencies(positions).expanded(at: 1)
        return (try angles.mapped(.cosine), try angles.mapped(.sine))
    }
}

/// Attention among the keypoints of one image.
struct LightGlueSelfAttention<T: Tensor> {
    private let projection: Linear<T>
    private let output: Linear<T>
    private let update: LightGlueUpdate<T>
    private let heads: Int

    init(_ parameters: Parameters<T>, size: Int, heads: Int) throws {
        self.heads = heads
        projection = try Linear(parameters["Wqkv"], from: size, to: 3 * size)
        output = try Linear(parameters["out_proj"], from: size, to: size)
        update = try LightGlueUpdate(parameters["ffn"], size: size)
    }

    func callAsFunction(_ x: T, rotation: (cosine: T, sine: T), validity: T?) throws -> T {
        let (batch, count, size) = (x.shape[0], x.shape[1], x.shape[2])
        let half = size / heads / 2
        let all = try projection(x)
        // The last axis is (head, pair, place in the pair, one of query, key and value).
        let pairs = try all.reshaped([batch, count, heads, half, 6]).permuted([4, 0, 2, 1, 3])
        func part(_ index: Int) throws -> T {
            try pairs.sliced(axis: 0, index..<(index + 1)).reshaped([batch, heads, count, half])
        }
        // Turned pairs are laid out half after half instead of interleaved: products of queries and keys are the same.
        func turned(_ first: T, _ second: T) throws -> T {
            try (first * rotation.cosine - second * rotation.sine)
                .concatenated(with: [second * rotation.cosine + first * rotation.sine], axis: 3)
        }
        let values = try all.reshaped([batch, count, heads, 2 * half, 3])
            .sliced(axis: 4, 2..<3).reshaped([batch, count, heads, 2 * half]).permuted([0, 2, 1, 3])
        let context = try MaskedAttention.attend(
            queries: turned(part(0), part(3)), keys: turned(part(1), part(4)), values: values, validity: validity)
        return try update(x, message: output(MaskedAttention.joined(context)))
    }
}

/// Attention across two images; queries and keys are the same vectors, so that both directions share their products.
struct LightGlueCrossAttention<T: Tensor> {
    private let key: Linear<T>
    private let value: Linear<T>
    private let output: Linear<T>
    private let update: LightGlueUpdate<T>
    private let heads: Int

    init(_ parameters: Parameters<T>, size: Int, heads: Int) throws {
        self.heads = heads
        key = try Linear(parameters["to_qk"], from: size, to: size)
        value = try Linear(parameters["to_v"], from: size, to: size)
        output = try Linear(parameters["to_out"], from: size, to: size)
        update = try LightGlueUpdate(parameters["ffn"], size: size)
    }

    func callAsFunction(_ x: T, _ y: T, validities: (T?, T?)) throws -> (T, T) {
        let (keysX, keysY) = (
            try MaskedAttention.split(key(x), heads: heads), try MaskedAttention.split(key(y), heads: heads)
        )
        let (valuesX, valuesY) = (
            try MaskedAttention.split(value(x), heads: heads), try MaskedAttention.split(value(y), heads: heads)
        )
        let contextX = try MaskedAttention.attend(
            queries: keysX, keys: keysY, values: valuesY, validity: validities.1)
        let contextY = try MaskedAttention.attend(
            queries: keysY, keys: keysX, values: valuesX, validity: validities.0)
        return (
            try update(x, message: output(MaskedAttention.joined(contextX))),
            try update(y, message: output(MaskedAttention.joined(contextY)))
        )
    }
}

/// Who is whose partner after a layer (section 3.2).
struct LightGlueAssignment<T: Tensor> {
    private let matchability: Linear<T>
    private let projection: Linear<T>

    init(_ parameters: Parameters<T>, size: Int) throws {
        matchability = try Linear(parameters["matchability"], from: size, to: 1)
        projection = try Linear(parameters["final_proj"], from: size, to: size)
    }

    /// The log assignment `[N, L + 1, S + 1]`: double softmax times both matchabilities, and in the last row and column that a
    /// keypoint has no partner.
    func callAsFunction(_ x: T, _ y: T, validities: (T?, T?)) throws -> T {
        let scale = 1 / Float(x.shape[2]).squareRoot().squareRoot()
        var similarity = try (projection(x) * scale).matrixProduct(with: (projection(y) * scale).transposed())
        if let validity = validities.0 { similarity = try similarity + MaskedAttention.bias(validity).expanded(at: 2) }
        if let validity = validities.1 { similarity = try similarity + MaskedAttention.bias(validity).expanded(at: 1) }
        let (logitsX, logitsY) = (try matchability(x), try matchability(y))
        let inner =
            try similarity.logSoftmax(axis: 2) + similarity.logSoftmax(axis: 1)
            + logSigmoid(logitsX) + logSigmoid(logitsY).transposed()
        let right = try logSigmoid(logitsX.mapped(.negated))
        let corner = try inner.constant([0], shape: [1, 1, 1]).broadcast(to: [x.shape[0], 1, 1])
        let below = try logSigmoid(logitsY.mapped(.negated)).transposed().concatenated(with: [corner], axis: 2)
        return try inner.concatenated(with: [right], axis: 2).concatenated(with: [below], axis: 1)
    }

    private func logSigmoid(_ x: T) throws -> T { try x.mapped(.negated).softplus().mapped(.negated) }
}
