import CairnMetrics
import Foundation

/// Several ways of searching the same queries, side by side: figures with intervals, paired differences, time and memory.
///
/// It is data alone, kept as JSON beside the pages made from it: `markdown()` and `html()`. Statistics come from the figures
/// of the queries and are computed when a page is made, with `bootstrap`.
public struct AblationReport: Hashable, Sendable, Codable {
    /// A query, the same one for all variants.
    public struct Query: Hashable, Sendable, Codable {
        /// What it is called on the page: its file name, as a rule.
        public var name: String
        /// The group that its figures are also counted in.
        public var kind: String?

        /// Makes a query.
        public init(name: String, kind: String? = nil) {
            self.name = name
            self.kind = kind
        }
    }

    /// A setting of a variant as the page shows it.
    public struct Setting: Hashable, Sendable, Codable {
        /// The setting's name: `rerank.depth`.
        public var name: String
        /// Its value: `100`.
        public var value: String

        /// Makes a setting.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A figure besides the headline, under the name its protocol prints.
    public struct Figure: Hashable, Sendable, Codable {
        /// The metric's name: `P@1`.
        public var name: String
        /// Its value.
        public var value: Double

        /// Makes a figure.
        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// Milliseconds a query of one step, over all queries.
    public struct StepTimes: Hashable, Sendable, Codable {
        /// The middle query's.
        public var median: Double
        /// The mean.
        public var mean: Double

        /// Makes times.
        public init(median: Double, mean: Double) {
            self.median = median
            self.mean = mean
        }

        /// Summarises times; `nil` when there are none. The median of an even number is the mean of the two middle ones.
        public init?(_ durations: [Duration]) {
            guard !durations.isEmpty else { return nil }
            let sorted = durations.map { $0 / .milliseconds(1) }.sorted()
            let middle = sorted.count / 2
            median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
            mean = sorted.reduce(0, +) / Double(sorted.count)
        }
    }

    /// One way of searching.
    public struct Variant: Hashable, Sendable, Codable {
        /// Its name, one of its own.
        public var name: String
        /// A sentence on what it is.
        public var note: String?
        /// What sets it apart.
        public var settings: [Setting]
        /// The headline of each query, in the order of `AblationReport.queries`; `nil` where a query is not scored.
        public var perQuery: [Double?]
        /// The headline with its interval where it is no mean over queries, as GAP is not; `nil` to take the mean of `perQuery`.
        public var headline: BootstrapInterval?
        /// The other figures, the same names in all variants as far as they apply.
        public var figures: [Figure]
        /// The headline over the queries of each kind.
        public var byKind: [String: Double]
        /// Time of decoding and extracting a query; `nil` where it was not measured.
        public var extraction: StepTimes?
        /// Time of everything after; `nil` where it was not measured.
        public var search: StepTimes?
        /// Bytes stored of an image, descriptors and features; `nil` where it is not known.
        public var bytesPerImage: Double?
        /// The process's largest resident memory in bytes; `nil` where it was not measured.
        public var peakResidentBytes: Int?
        /// Its mean precision-recall curve.
        public var precisionRecall: PrecisionRecallCurve?
        /// Its CMC.
        public var cumulativeMatch: CumulativeMatchCurve?
        /// Its thresholds, where the protocol is one of recognition.
        public var thresholds: ThresholdCurve?

        /// Makes a variant. `byKind` is computed from `perQuery` by `AblationReport.init` where it is left empty.
        public init(
            name: String, note: String? = nil, settings: [Setting] = [], perQuery: [Double?],
            headline: BootstrapInterval? = nil, figures: [Figure] = [], byKind: [String: Double] = [:],
            extraction: StepTimes? = nil, search: StepTimes? = nil, bytesPerImage: Double? = nil,
            peakResidentBytes: Int? = nil, precisionRecall: PrecisionRecallCurve? = nil,
            cumulativeMatch: CumulativeMatchCurve? = nil, thresholds: ThresholdCurve? = nil
        ) {
            self.name = name
            self.note = note
            self.settings = settings
            self.perQuery = perQuery
            self.headline = headline
            self.figures = figures
            self.byKind = byKind
            self.extraction = extraction
            self.search = search
            self.bytesPerImage = bytesPerImage
            self.peakResidentBytes = peakResidentBytes
            self.precisionRecall = precisionRecall
            self.cumulativeMatch = cumulativeMatch
            self.thresholds = thresholds
        }
    }

    /// What was compared: "Re-ranking on Revisited Oxford, medium".
    public var title: String
    /// A line below it: the gallery's size, the model.
    public var subtitle: String
    /// The name of the figure that decides: `mAP`.
    public var headline: String
    /// The queries, the same for all variants.
    public let queries: [Query]
    /// The variants, in the order of the table.
    public let variants: [Variant]
    /// The variant that the others are compared with, as an index of `variants`.
    public let baseline: Int
    /// When it was measured, as text: `2026-03-01`.
    public var date: String
    /// Where it was measured: processor, cores, memory.
    public var machine: String
    /// How intervals and p-values are computed.
    public var bootstrap: BootstrapConfiguration

    /// Makes a report.
    ///
    /// Throws `EvaluationError.invalidArgument` when there is no variant, the baseline is none of them, two variants share a
    /// name, or a variant has not one entry, finite or `nil`, for every query.
    public init(
        title: String, subtitle: String = "", headline: String, queries: [Query], variants: [Variant],
        baseline: Int = 0,
        date: String, machine: String, bootstrap: BootstrapConfiguration = .default
    ) throws {
        guard variants.indices.contains(baseline) else {
            throw EvaluationError(
                .invalidArgument, "baseline \(baseline) of \(variants.count) variants: give an index of one of them")
        }
        for variant in variants {
            guard variant.perQuery.count == queries.count else {
                throw EvaluationError(
                    .invalidArgument,
                    "variant '\(variant.name)' has figures of \(variant.perQuery.count) queries, not of \(queries.count)"
                )
            }
            if let query = variant.perQuery.firstIndex(where: { $0.map { !$0.isFinite } ?? false }) {
                throw EvaluationError(
                    .invalidArgument, "variant '\(variant.name)' has no finite figure of query '\(queries[query].name)'"
                )
            }
        }
        let names = variants.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw EvaluationError(.invalidArgument, "two variants are called '\(twice)': give each its own name")
        }
        self.title = title
        self.subtitle = subtitle
        self.headline = headline
        self.queries = queries
        self.variants = variants.map { variant in
            var variant = variant
            if variant.byKind.isEmpty { variant.byKind = Self.byKind(variant.perQuery, queries) }
            return variant
        }
        self.baseline = baseline
        self.date = date
        self.machine = machine
        self.bootstrap = bootstrap
    }

    /// Reads a report, and throws the errors of `init` where its parts do not fit each other.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            title: container.decode(String.self, forKey: .title),
            subtitle: container.decode(String.self, forKey: .subtitle),
            headline: container.decode(String.self, forKey: .headline),
            queries: container.decode([Query].self, forKey: .queries),
            variants: container.decode([Variant].self, forKey: .variants),
            baseline: container.decode(Int.self, forKey: .baseline), date: container.decode(String.self, forKey: .date),
            machine: container.decode(String.self, forKey: .machine),
            bootstrap: container.decode(BootstrapConfiguration.self, forKey: .bootstrap))
    }

    /// The names of all kinds, sorted.
    public var kinds: [String] {
        Set(queries.compactMap(\.kind)).union(variants.flatMap(\.byKind.keys)).sorted()
    }

    /// The report as JSON, indented, keys sorted.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The mean over the scored queries of each kind.
    private static func byKind(_ figures: [Double?], _ queries: [Query]) -> [String: Double] {
        var sums: [String: (sum: Double, count: Int)] = [:]
        for (query, figure) in zip(queries, figures) {
            guard let kind = query.kind, let figure else { continue }
            let old = sums[kind] ?? (0, 0)
            sums[kind] = (old.sum + figure, old.count + 1)
        }
        return sums.mapValues { $0.sum / Double($0.count) }
    }
}
