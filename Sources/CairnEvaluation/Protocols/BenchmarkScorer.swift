import CairnDatasets
import CairnMetrics

/// Judges rankings of a benchmark's queries, one query at a time, by all of its settings.
///
/// Keeps the ranks of right answers and no ranking, so that 117,577 queries take megabytes.
public struct BenchmarkScorer: Sendable {
    /// What is scored.
    public let benchmark: RetrievalBenchmark

    /// For each setting, for each query: its judged ranking; `nil` for queries that the setting leaves out, and before a query's
    /// ranking has come.
    public private(set) var lists: [[RelevanceList?]]

    /// Knows no ranking yet.
    public init(_ benchmark: RetrievalBenchmark) {
        self.benchmark = benchmark
        lists = benchmark.settings.map { _ in Array(repeating: nil, count: benchmark.queries.count) }
    }

    /// Takes one query's ranking: gallery rows, best first. Images that are not in it count as not retrieved.
    public mutating func add(_ ranking: some Collection<Int32>, ofQuery query: Int) {
        for (setting, judged) in benchmark.settings.enumerated() {
            guard let judgment = judged.judgments[query] else { continue }
            lists[setting][query] = RelevanceList(ranking: ranking, judgment: judgment)
        }
    }

    /// Takes where a query's right answers and junk stand in its full ranking.
    ///
    /// - Parameter positions: For each row of `targets(ofQuery:)`, in its order, its position from 1, junk not taken out.
    public mutating func add(positions: [Int], ofQuery query: Int) {
        let targets = targets(ofQuery: query)
        precondition(positions.count == targets.count, "\(positions.count) positions of \(targets.count) rows")
        let position = Dictionary(uniqueKeysWithValues: zip(targets, positions))
        for (setting, judged) in benchmark.settings.enumerated() {
            guard let judgment = judged.judgments[query] else { continue }
            let junk = Set(judgment.junk)
            let junkPositions = junk.compactMap { position[$0] }.sorted()
            let hits = Set(judgment.positives).subtracting(junk).compactMap { position[$0] }.sorted()
            var passed = 0
            let ranks = hits.map { hit in
                while passed < junkPositions.count, junkPositions[passed] < hit { passed += 1 }
                return hit - passed
            }
            lists[setting][query] = RelevanceList(
                hitRanks: ranks, positiveCount: ranks.count, length: benchmark.gallery.count - junkPositions.count)
        }
    }

    /// The rows whose positions decide a query's figures in any setting, ascending, each once.
    public func targets(ofQuery query: Int) -> [Int32] {
        var rows = Set<Int32>()
        for setting in benchmark.settings {
            guard let judgment = setting.judgments[query] else { continue }
            rows.formUnion(judgment.positives)
            rows.formUnion(judgment.junk)
        }
        return rows.sorted()
    }

    /// The figures. Queries whose ranking has not come count as answered with nothing.
    public var report: ProtocolReport {
        let settings = zip(benchmark.settings, lists).map { setting, judged in
            let complete = zip(setting.judgments, judged).map { judgment, list -> RelevanceList? in
                guard let judgment else { return nil }
                return list ?? RelevanceList(ranking: [], judgment: judgment)
            }
            let kinds = Dictionary(grouping: benchmark.queries.indices.filter { benchmark.queries[$0].kind != nil }) {
                benchmark.queries[$0].kind ?? ""
            }
            return ProtocolReport.Setting(
                name: setting.name, figures: benchmark.scoring.figures(complete.compactMap(\.self)),
                byKind: kinds.mapValues { queries in
                    benchmark.scoring.figures(queries.compactMap { complete[$0] })
                },
                queries: complete.count { $0?.hasPositives == true },
                withoutPositives: complete.count { $0?.hasPositives == false })
        }
        return ProtocolReport(benchmark: benchmark.name, settings: settings)
    }
}
