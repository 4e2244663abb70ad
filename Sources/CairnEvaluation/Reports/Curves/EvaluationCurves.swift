import CairnMetrics
import Foundation

/// The curves of a scored benchmark: a series for each of its settings.
public struct EvaluationCurves: Sendable {
    /// Mean precision-recall curves.
    public let precisionRecall: CurveChart
    /// Cumulative match curves.
    public let cumulativeMatch: CurveChart

    /// Ranks of a cumulative match curve.
    public static let ranks = 100

    /// Draws the curves of judged rankings; the precision-recall curve is of the part of a ranking that the protocol judges.
    public init(_ scorer: BenchmarkScorer) {
        let series = zip(scorer.benchmark.settings, scorer.lists).map { setting, lists in
            (name: setting.name ?? scorer.benchmark.name, lists: lists.compactMap(\.self))
        }
        precisionRecall = .precisionRecall(series.map { ($0.name, PrecisionRecallCurve($0.lists)) })
        cumulativeMatch = .cumulativeMatch(
            series.map { ($0.name, CumulativeMatchCurve($0.lists, maximumRank: Self.ranks)) })
    }

    /// The files, by name.
    public var files: [(name: String, contents: String)] {
        [("precision-recall.svg", precisionRecall.svg()), ("cmc.svg", cumulativeMatch.svg())]
    }
}
