import CairnCore

/// Maps values to the share of a fitted set that lies below them, so that similarities of different models, or of different
/// kinds, can be compared and summed.
///
/// The semantics of scikit-learn's `QuantileTransformer` for one feature, with every value used for fitting (its default
/// draws 10,000): up to `quantileCount` quantiles with linear interpolation; a value is placed by interpolating from both sides
/// and taking the mean, which puts repeated values in the middle of their share. Values outside the fitted range get 0 or 1.
/// The transform never decreases.
public struct QuantileTransform: Sendable, Hashable {
    /// What transformed values look like.
    public enum Output: String, Sendable, Codable, CaseIterable {
        /// Spread evenly over 0...1.
        case uniform
        /// Distributed like the standard normal, cut at about ±5.2.
        case normal
    }

    /// What transformed values look like.
    public let output: Output

    /// The fitted quantiles, ascending, at evenly spaced shares from 0 to 1.
    public let quantiles: [Double]

    private let shares: [Double]
    private let negatedQuantiles: [Double]
    private let negatedShares: [Double]

    private static let margin = 1e-7

    /// Fits on a set of values.
    ///
    /// - Complexity: O(n log n).
    /// - Parameter quantileCount: at most so many quantiles; never more than there are values.
    /// - Throws: `RecognitionError` without values, for a value that is not finite, or a count outside 2...1,000,000.
    public init(
        fittedOn values: [Double], output: Output = .uniform, quantileCount: Int = 1000
    ) throws(RecognitionError) {
        guard !values.isEmpty, (2...1_000_000).contains(quantileCount) else {
            throw RecognitionError(
                .invalidArgument,
                "a quantile transform needs at least one value and 2 to 1,000,000 quantiles, not \(values.count) and "
                    + "\(quantileCount)")
        }
        try RecognitionError.requireFinite(values, "value")
        let sorted = values.sorted()
        let count = min(quantileCount, values.count)
        var quantiles = Self.evenShares(count).map { share in
            let position = share * Double(sorted.count - 1)
            let lower = Int(position)
            let upper = min(lower + 1, sorted.count - 1)
            return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - Double(lower))
        }
        // Interpolated neighbours can fall short of each other by rounding.
        for place in quantiles.indices.dropFirst() { quantiles[place] = max(quantiles[place], quantiles[place - 1]) }
        try self.init(quantiles: quantiles, output: output)
    }

    /// Takes quantiles fitted before.
    ///
    /// - Throws: `RecognitionError` (`invalidInput`) unless there are any, finite and ascending.
    public init(quantiles: [Double], output: Output) throws(RecognitionError) {
        guard !quantiles.isEmpty, zip(quantiles, quantiles.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw RecognitionError(.invalidInput, "quantiles must ascend, and there must be one at least")
        }
        try RecognitionError.requireFinite(quantiles, "quantile")
        self.quantiles = quantiles
        self.output = output
        shares = Self.evenShares(quantiles.count)
        negatedQuantiles = quantiles.reversed().map { -$0 }
        negatedShares = shares.reversed().map { -$0 }
    }

    /// The transformed value.
    ///
    /// - Complexity: O(log `quantileCount`).
    public func callAsFunction(_ value: Double) -> Double {
        let (low, high) = (quantiles[0], quantiles[quantiles.count - 1])
        let share =
            (PiecewiseLinear.value(at: value, xs: quantiles, ys: shares)
                - PiecewiseLinear.value(at: -value, xs: negatedQuantiles, ys: negatedShares)) / 2
        switch output {
        case .uniform:
            // The lower bound wins where all quantiles are one.
            if value == low { return 0 }
            return value == high ? 1 : share
        case .normal:
            if value - Self.margin < low { return -Self.largestNormal }
            if value + Self.margin > high { return Self.largestNormal }
            return min(max(NormalDistribution.quantile(share), -Self.largestNormal), Self.largestNormal)
        }
    }

    private static let largestNormal = -NormalDistribution.quantile(margin - 1.0.ulp)

    private static func evenShares(_ count: Int) -> [Double] {
        (0..<count).map { count == 1 ? 0 : Double($0) / Double(count - 1) }
    }
}

extension QuantileTransform: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case output, quantiles
    }

    /// Reads what was fitted; every key is needed, and no other is allowed.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a quantile transform")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            quantiles: values.decode([Double].self, forKey: .quantiles),
            output: values.decode(Output.self, forKey: .output))
    }

    /// Writes what was fitted.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(output, forKey: .output)
        try values.encode(quantiles, forKey: .quantiles)
    }
}
