import CairnMetrics
import Foundation

/// An evaluation's outcome in figures.
///
/// Its JSON is flat: `mAP`, `mAP@10`, `mAP@100`, `P@1`, `recall@10`, `queries`, `by_kind` (the same figures for each kind of
/// query) and `timings_ms`. `queries_without_positives` joins them only where there are any.
public struct EvaluationReport: Hashable, Sendable, Codable {
    /// Times of one step over all queries, in milliseconds.
    public struct StepTimes: Hashable, Sendable, Codable {
        /// The middle query's time; the mean of the two middle ones for an even number.
        public var median: Double
        /// The sum over all queries.
        public var total: Double

        /// Summarises times; both figures are 0 when there are none.
        public init(_ durations: [Duration]) {
            let sorted = durations.map { $0 / .milliseconds(1) }.sorted()
            let middle = sorted.count / 2
            if sorted.isEmpty {
                median = 0
            } else {
                median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
            }
            total = sorted.reduce(0, +)
        }
    }

    /// Times of all steps.
    public struct Timings: Hashable, Sendable, Codable {
        /// Decoding and extracting the query.
        public var extraction: StepTimes
        /// Searching with what was extracted.
        public var search: StepTimes
    }

    /// The figures, overall and by kind.
    public var scores: RetrievalScores
    /// How long the queries took.
    public var timings: Timings

    /// Makes a report.
    public init(scores: RetrievalScores, timings: Timings) {
        self.scores = scores
        self.timings = timings
    }

    /// Reads the flat form.
    public init(from decoder: any Decoder) throws {
        scores = try RetrievalScores(from: decoder)
        timings = try decoder.container(keyedBy: CodingKeys.self).decode(Timings.self, forKey: .timings)
    }

    /// Writes the flat form.
    public func encode(to encoder: any Encoder) throws {
        try scores.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(timings, forKey: .timings)
    }

    /// The report as JSON, indented, keys sorted.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private enum CodingKeys: String, CodingKey {
        case timings = "timings_ms"
    }
}
