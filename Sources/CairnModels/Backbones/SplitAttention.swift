import CairnNN

/// A 3x3 convolution whose outputs come in several splits, mixed by weights that depend on the whole map.
///
/// Zhang et al. 2020, *ResNeSt: Split-Attention Networks*, section 3.1, figure 2. Names are timm's: `conv`, `bn0`, `fc1`, `bn1`,
/// `fc2`. The softmax over splits runs along the width of a `[N, C, 1, splits]` map, so that no size is written into a graph.
struct SplitAttention<T: Tensor> {
    private let splits: Int
    private let groups: Int
    private let convolution: Conv2d<T>
    private let convolutionNorm: BatchNorm2d<T>
    private let reduce: Conv2d<T>
    private let reduceNorm: BatchNorm2d<T>
    private let expand: Conv2d<T>

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The layer's place.
    ///   - channels: Channels in and out.
    ///   - splits: The radix of the paper, R.
    ///   - groups: Its cardinality, K.
    init(_ parameters: Parameters<T>, channels: Int, splits: Int, groups: Int) throws {
        self.splits = splits
        self.groups = groups
        let all = channels * splits
        // A quarter, in steps of 8 and 32 at least; rounding down never loses more than a tenth.
        let quarter = Double(all) / 4
        var reduced = max(32, Int(quarter + 4) / 8 * 8)
        if Double(reduced) < 0.9 * quarter { reduced += 8 }
        convolution = try Conv2d(
            parameters["conv"], from: channels, to: all, kernel: 3, padding: 1, groups: groups * splits, bias: false)
        convolutionNorm = try BatchNorm2d(parameters["bn0"], all)
        reduce = try Conv2d(parameters["fc1"], from: channels, to: reduced, kernel: 1, groups: groups)
        reduceNorm = try BatchNorm2d(parameters["bn1"], reduced)
        expand = try Conv2d(parameters["fc2"], from: reduced, to: all, kernel: 1, groups: groups)
    }

    /// The same shape.
    func callAsFunction(_ x: T) throws -> T {
        let parts = try convolutionNorm(convolution(x)).relu().split(into: splits, axis: 1)
        let context = try Self.sum(parts).mean([2, 3], keepingAxes: true)
        let scores = try expand(reduceNorm(reduce(context)).relu())
        let weights = try weights(scores)
        return try Self.sum(zip(parts, weights).map { part, weight in try part * weight })
    }

    /// `[N, splits * C, 1, 1]` to one `[N, C, 1, 1]` a split, which add up to 1.
    private func weights(_ scores: T) throws -> [T] {
        guard splits > 1 else { return [try scores.sigmoid()] }
        // Scores are ordered by group, then split, then channel.
        let pieces = try scores.split(into: groups * splits, axis: 1)
        let bySplit = try (0..<splits).map { split in
            let own = (0..<groups).map { pieces[$0 * splits + split] }
            return groups > 1 ? try own[0].concatenated(with: Array(own[1...]), axis: 1) : own[0]
        }
        return try bySplit[0].concatenated(with: Array(bySplit[1...]), axis: 3).softmax(axis: 3)
            .split(into: splits, axis: 3)
    }

    private static func sum(_ parts: [T]) throws -> T {
        try parts.dropFirst().reduce(parts[0]) { total, part in try total + part }
    }
}
