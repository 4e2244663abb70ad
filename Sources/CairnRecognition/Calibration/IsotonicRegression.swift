/// The ascending step function nearest to a set of outcomes in the least-squares sense, by pooling adjacent violators;
/// between its steps it is interpolated linearly, outside it is constant. The same as scikit-learn's `IsotonicRegression`
/// with `out_of_bounds="clip"`.
public struct IsotonicRegression: Sendable, Hashable {
    /// Where the function bends, ascending.
    public let places: [Double]

    /// Its values there, never descending.
    public let values: [Double]

    /// Fits on points; those of equal x count as their mean.
    ///
    /// Source: Ayer et al., An empirical distribution function for sampling with incomplete information, 1955.
    /// - Complexity: O(n log n).
    /// - Throws: `RecognitionError` without points, for counts that differ, or for numbers that are not finite.
    public init(x: [Double], y: [Double]) throws(RecognitionError) {
        guard !x.isEmpty, x.count == y.count else {
            throw RecognitionError(
                .invalidArgument, "an isotonic regression of \(x.count) places with \(y.count) values")
        }
        try RecognitionError.requireFinite(x, "place")
        try RecognitionError.requireFinite(y, "value")
        // Blocks of equal value, left to right; a block that would descend is joined with its left neighbour.
        var blocks: [(first: Double, last: Double, sum: Double, weight: Double)] = []
        let order = x.indices.sorted { x[$0] != x[$1] ? x[$0] < x[$1] : $0 < $1 }
        for point in order {
            if let last = blocks.last, last.last == x[point], last.first == x[point] {
                blocks[blocks.count - 1].sum += y[point]
                blocks[blocks.count - 1].weight += 1
            } else {
                blocks.append((x[point], x[point], y[point], 1))
            }
        }
        var pooled: [(first: Double, last: Double, sum: Double, weight: Double)] = []
        for block in blocks {
            var block = block
            while let left = pooled.last, left.sum * block.weight >= block.sum * left.weight {
                block = (left.first, block.last, left.sum + block.sum, left.weight + block.weight)
                pooled.removeLast()
            }
            pooled.append(block)
        }
        var (places, values): ([Double], [Double]) = ([], [])
        for block in pooled {
            let mean = block.sum / block.weight
            places.append(block.first)
            values.append(mean)
            guard block.last > block.first else { continue }
            places.append(block.last)
            values.append(mean)
        }
        self.places = places
        self.values = values
    }

    /// Takes a function fitted before.
    ///
    /// - Throws: `RecognitionError` (`invalidInput`) unless places ascend and values never descend.
    init(places: [Double], values: [Double]) throws(RecognitionError) {
        guard !places.isEmpty, places.count == values.count,
            zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }),
            zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
            throw RecognitionError(.invalidInput, "an isotonic regression must ascend, and have one place at least")
        }
        try RecognitionError.requireFinite(places, "place")
        try RecognitionError.requireFinite(values, "value")
        self.places = places
        self.values = values
    }

    /// The function's value.
    ///
    /// - Complexity: O(log n).
    public func callAsFunction(_ x: Double) -> Double {
        PiecewiseLinear.value(at: x, xs: places, ys: values)
    }
}
