import CairnNN

/// Attention in which padding is not seen.
///
/// Padding is excluded by a number added to logits, so low that its exponential is exactly 0 in any precision, yet finite in
/// 16 bits: sums over it are then those without it, and no infinity turns into a NaN.
enum MaskedAttention {
    /// Added to what must not count.
    static let exclusion: Float = 30_000

    /// 0 for what counts, `-exclusion` for what does not.
    static func bias<T: Tensor>(_ validity: T) throws -> T { try (validity - 1) * exclusion }

    /// Softmax attention, `softmax(Q Kᵀ / sqrt(d)) V`, for queries `[N, H, L, d]` and keys and values `[N, H, S, d]`.
    ///
    /// - Parameter validity: Of keys, `[N, S]`.
    static func attend<T: Tensor>(queries: T, keys: T, values: T, validity: T?) throws -> T {
        let scale = 1 / Float(queries.shape[-1]).squareRoot()
        var logits = try (queries * scale).matrixProduct(with: keys.transposed())
        if let validity {
            logits = try logits + bias(validity).reshaped([validity.shape[0], 1, 1, validity.shape[1]])
        }
        return try logits.softmax(axis: -1).matrixProduct(with: values)
    }

    /// Linear attention, Katharopoulos et al. 2020, equation 5 with the feature map `elu(x) + 1`: cost grows with L + S, not L S.
    ///
    /// Shapes and validity as for `attend`.
    static func attendLinearly<T: Tensor>(queries: T, keys: T, values: T, validity: T?) throws -> T {
        let count = Float(values.shape[2])
        let q = try queries.mapped(.elu) + 1
        var k = try keys.mapped(.elu) + 1
        if let validity { k = try k * validity.reshaped([validity.shape[0], 1, validity.shape[1], 1]) }
        // Values are divided by their number and the result multiplied again, which keeps 16-bit sums in range.
        let products = try k.transposed().matrixProduct(with: values / count)
        let weights = try q.matrixProduct(with: k.sum([2], keepingAxes: true).transposed()) + 1e-6
        return try q.matrixProduct(with: products) / weights * count
    }

    /// `[N, K, H * d]` to `[N, H, K, d]`: each head's channels are neighbours.
    static func split<T: Tensor>(_ x: T, heads: Int) throws -> T {
        try x.reshaped([x.shape[0], x.shape[1], heads, x.shape[2] / heads]).permuted([0, 2, 1, 3])
    }

    /// `[N, H, K, d]` to `[N, K, H * d]`: the inverse of `split`.
    static func joined<T: Tensor>(_ x: T) throws -> T {
        try x.permuted([0, 2, 1, 3]).reshaped([x.shape[0], x.shape[2], x.shape[1] * x.shape[3]])
    }
}
