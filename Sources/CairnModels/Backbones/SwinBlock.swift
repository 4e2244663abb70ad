import CairnNN

/// Attention within windows, then a perceptron, each on normalised tokens and added to its input.
struct SwinBlock<T: Tensor> {
    private let attentionNorm: LayerNorm<T>
    private let attention: WindowAttention<T>
    private let perceptronNorm: LayerNorm<T>
    private let hidden: Linear<T>
    private let output: Linear<T>
    private let drop: StochasticDepth

    init(
        _ place: Parameters<T>, width: Int, heads: Int, dropProbability: Float, _ configuration: SwinConfiguration
    ) throws {
        attentionNorm = try LayerNorm(place["norm1"], width)
        attention = try WindowAttention(place["attn"], width: width, heads: heads, side: configuration.window)
        perceptronNorm = try LayerNorm(place["norm2"], width)
        let middle = width * configuration.expansion
        let initializer = SwinTransformer<T>.linearInitializer
        hidden = try Linear(place["mlp"]["fc1"], from: width, to: middle, initializer: initializer)
        output = try Linear(place["mlp"]["fc2"], from: middle, to: width, initializer: initializer)
        drop = StochasticDepth(probability: dropProbability, phase: place.phase)
    }

    /// `[N, H, W, C]`, cut as `windows` says. `mask` belongs to the same cut.
    func callAsFunction(_ x: T, _ windows: SwinWindows, mask: T?) throws -> T {
        let attended = try windows.join(attention(windows.split(attentionNorm(x)), mask: mask))
        let y = try x + drop(attended)
        return try y + drop(output(hidden(perceptronNorm(y)).gelu()))
    }
}

/// Multi-head attention among the tokens of each window, with a learned bias for each head and relative position.
struct WindowAttention<T: Tensor> {
    private let queriesKeysValues: Linear<T>
    private let projection: Linear<T>
    private let biasTable: T
    private let heads: Int
    private let side: Int

    init(_ place: Parameters<T>, width: Int, heads: Int, side: Int) throws {
        self.heads = heads
        self.side = side
        let initializer = SwinTransformer<T>.linearInitializer
        queriesKeysValues = try Linear(place["qkv"], from: width, to: 3 * width, initializer: initializer)
        projection = try Linear(place["proj"], from: width, to: width, initializer: initializer)
        // Weight decay leaves the table alone, as it does norms.
        biasTable = try place(
            "relative_position_bias_table", [(2 * side - 1) * (2 * side - 1), heads], role: .normalization, initializer)
    }

    /// `[N, windows, tokens, C]`, as given; `mask` is `[windows, 1, tokens, tokens]`.
    func callAsFunction(_ x: T, mask: T?) throws -> T {
        let (batch, count, tokens, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let parts = try queriesKeysValues(x).split(into: 3, axis: 3)
        func split(_ part: T, _ order: [Int]) throws -> T {
            try part.reshaped([batch, count, tokens, heads, width / heads]).permuted(order)
        }
        let scale = 1 / Float(width / heads).squareRoot()
        let queries = try split(parts[0], [0, 1, 3, 2, 4]) * scale
        let keys = try split(parts[1], [0, 1, 3, 4, 2])
        let values = try split(parts[2], [0, 1, 3, 2, 4])
        var scores = try queries.matrixProduct(with: keys) + bias(tokens)
        if let mask { scores = try scores + mask }
        let mixed = try scores.softmax(axis: -1).matrixProduct(with: values)
        return try projection(mixed.permuted([0, 1, 3, 2, 4]).reshaped([batch, count, tokens, width]))
    }

    /// `[heads, tokens, tokens]`.
    private func bias(_ tokens: Int) throws -> T {
        let positions = try biasTable.constant(
            SwinWindows.relativePositions(side: side), shape: [tokens * tokens])
        return try biasTable.gathered(at: positions, axis: 0).reshaped([tokens, tokens, heads]).permuted([2, 0, 1])
    }
}
