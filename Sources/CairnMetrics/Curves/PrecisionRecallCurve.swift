/// The mean precision-recall curve of queries: precision at 101 recalls, 0 to 1 in steps of 0.01.
///
/// A query's precision at recall r is the highest at any recall of at least r, and 0 where its ranking never gets there
/// (Manning et al., section 8.4, with 101 points for its 11). Queries with positives weigh the same, however many these are.
public struct PrecisionRecallCurve: Hashable, Sendable, Codable {
    /// Where a ranking stands after a hit.
    public struct Point: Hashable, Sendable, Codable {
        /// The share of positives found so far.
        public var recall: Double
        /// The share of positives among the ranks so far.
        public var precision: Double

        /// Makes a point.
        public init(recall: Double, precision: Double) {
            self.recall = recall
            self.precision = precision
        }
    }

    /// `values[i]` is the mean precision at recall `i / 100`, in 0...1; it never rises. All are 0 without a scorable query.
    public let values: [Double]

    /// Queries behind the curve.
    public let queries: Int

    /// The recalls of `values`: 0, 0.01, …, 1.
    public static let recalls: [Double] = (0...steps).map { Double($0) / Double(steps) }

    /// The mean of the values: 101-point interpolated average precision. Interpolation only raises precision, so that it is
    /// above `meanAveragePrecision`, as a rule, and no substitute for it.
    public var interpolatedAveragePrecision: Double { values.reduce(0, +) / Double(values.count) }

    private static let steps = 100

    /// Averages queries; those without positives are left out. O(hits + 101) a query.
    public init(_ lists: some Sequence<RelevanceList>) {
        var sums = [Double](repeating: 0, count: Self.steps + 1)
        var queries = 0
        for list in lists where list.hasPositives {
            queries += 1
            // From the last hit back: the highest precision of this and all later hits holds down to the recall before it.
            var highest = 0.0
            for (found, rank) in zip(1..., list.hitRanks).reversed() {
                highest = max(highest, Double(found) / Double(rank))
                // Recalls i/100 with (found - 1)/R < i/100 <= found/R, in whole numbers.
                let first = found == 1 ? 0 : (found - 1) * Self.steps / list.positiveCount + 1
                let last = found * Self.steps / list.positiveCount
                for step in stride(from: first, through: last, by: 1) { sums[step] += highest }
            }
        }
        values = queries == 0 ? sums : sums.map { $0 / Double(queries) }
        self.queries = queries
    }
}

extension RelevanceList {
    /// The raw precision-recall curve of this query: a point for every hit, in the order of the ranks. Empty without one.
    public var precisionRecallPoints: [PrecisionRecallCurve.Point] {
        zip(1..., hitRanks).map { found, rank in
            PrecisionRecallCurve.Point(
                recall: Double(found) / Double(positiveCount), precision: Double(found) / Double(rank))
        }
    }
}
