import CairnNN

/// Optimal partial assignment by Sinkhorn's iterations in log space.
///
/// Sarlin et al. 2020, section 3.2; Cuturi, "Sinkhorn Distances", NIPS 2013. Rows and columns alternately get their sums: 1 for a
/// keypoint, and for the dustbins, that come last, as many as the other image has keypoints.
struct OptimalTransport {
    /// Times that rows and columns are normalised.
    let iterations: Int

    /// The log assignment `[N, L + 1, S + 1]` of similarities `[N, L, S]`.
    ///
    /// - Parameters:
    ///   - scores: How alike the two keypoints are.
    ///   - dustbin: The score of having no partner, a scalar.
    ///   - validities: Of rows `[N, L]` and columns `[N, S]`. Padded ones get no mass and give none.
    func logAssignment<T: Tensor>(_ scores: T, dustbin: T, validities: (T?, T?)) throws -> T {
        let (batch, rows, columns) = (scores.shape[0], scores.shape[1], scores.shape[2])
        let bin = try dustbin.reshaped([1, 1, 1])
        let right = try bin.broadcast(to: [batch, rows, 1])
        let below = try bin.broadcast(to: [batch, 1, columns + 1])
        var couplings = try scores.concatenated(with: [right], axis: 2).concatenated(with: [below], axis: 1)

        let rowCount = try count(validities.0, rows, like: scores)
        let columnCount = try count(validities.1, columns, like: scores)
        let norm = try (rowCount + columnCount).log().mapped(.negated)
        var rowMass = try masses(norm, other: columnCount, count: rows)
        var columnMass = try masses(norm, other: rowCount, count: columns)
        if let validity = validities.0 {
            let bias = try padded(MaskedAttention.bias(validity))
            couplings = try couplings + bias.expanded(at: 2)
            // Twice the couplings' exclusion: what is left after normalising a padded row is as low as its entries.
            rowMass = try rowMass + bias * 2
        }
        if let validity = validities.1 {
            let bias = try padded(MaskedAttention.bias(validity))
            couplings = try couplings + bias.expanded(at: 1)
            columnMass = try columnMass + bias * 2
        }

        var v = try couplings.constant([0], shape: [1, 1, 1])
        var u = v
        for _ in 0..<iterations {
            u = try (rowMass - (couplings + v).logSumExp(axis: 2)).expanded(at: 2)
            v = try (columnMass - (couplings + u).logSumExp(axis: 1)).expanded(at: 1)
        }
        return try couplings + u + v - norm.expanded(at: 2)
    }

    /// The number of keypoints, `[N, 1]` or `[1, 1]`.
    private func count<T: Tensor>(_ validity: T?, _ size: Int, like tensor: T) throws -> T {
        try validity?.sum([1], keepingAxes: true) ?? tensor.constant([Float(size)], shape: [1, 1])
    }

    /// Log masses, `[N, count + 1]`, all divided by the total.
    private func masses<T: Tensor>(_ norm: T, other: T, count: Int) throws -> T {
        try norm.broadcast(to: [norm.shape[0], count]).concatenated(with: [norm + other.log()], axis: 1)
    }

    /// A 0 appended for the dustbin.
    private func padded<T: Tensor>(_ bias: T) throws -> T {
        let zero = try bias.constant([0], shape: [1, 1]).broadcast(to: [bias.shape[0], 1])
        return try bias.concatenated(with: [zero], axis: 1)
    }
}
