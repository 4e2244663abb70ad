import CairnMetrics

/// The figures of a benchmark, under the names that its papers print.
///
/// As JSON: `{"easy": {"mAP": …, "mP@1": …}, "medium": …}`; figures of a setting without a name stand at the top. Kinds of queries are
/// in `by_kind`, times in `timings_ms`.
public struct ProtocolReport: Sendable, Encodable {
    /// The figures of one way of judging.
    public struct Setting: Sendable {
        /// Its name; `nil` where there is one alone.
        public var name: String?
        /// The figures, in the protocol's order.
        public var figures: [MetricFigure]
        /// The same over the queries of each kind.
        public var byKind: [String: [MetricFigure]]
        /// Queries behind the figures.
        public var queries: Int
        /// Queries that the setting has, but no right answer for.
        public var withoutPositives: Int

        /// Makes a setting's figures.
        public init(
            name: String?, figures: [MetricFigure], byKind: [String: [MetricFigure]] = [:], queries: Int,
            withoutPositives: Int
        ) {
            self.name = name
            self.figures = figures
            self.byKind = byKind
            self.queries = queries
            self.withoutPositives = withoutPositives
        }
    }

    /// What was scored.
    public var benchmark: String
    /// The ways of judging.
    public var settings: [Setting]
    /// How long queries took, where they were searched with here.
    public var timings: EvaluationReport.Timings?

    /// Makes a report.
    public init(benchmark: String, settings: [Setting], timings: EvaluationReport.Timings? = nil) {
        self.benchmark = benchmark
        self.settings = settings
        self.timings = timings
    }

    /// Writes the form described above.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONKey.self)
        for setting in settings {
            if let name = setting.name {
                var nested = container.nestedContainer(keyedBy: JSONKey.self, forKey: JSONKey(name))
                try Self.encode(setting, to: &nested)
            } else {
                try Self.encode(setting, to: &container)
            }
        }
        if let timings { try container.encode(timings, forKey: JSONKey("timings_ms")) }
    }

    private static func encode(_ setting: Setting, to container: inout KeyedEncodingContainer<JSONKey>) throws {
        for figure in setting.figures { try container.encode(figure.value, forKey: JSONKey(figure.name)) }
        guard !setting.byKind.isEmpty else { return }
        var kinds = container.nestedContainer(keyedBy: JSONKey.self, forKey: JSONKey("by_kind"))
        for (kind, figures) in setting.byKind {
            var nested = kinds.nestedContainer(keyedBy: JSONKey.self, forKey: JSONKey(kind))
            for figure in figures { try nested.encode(figure.value, forKey: JSONKey(figure.name)) }
        }
    }
}

/// Any name as a key.
struct JSONKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
