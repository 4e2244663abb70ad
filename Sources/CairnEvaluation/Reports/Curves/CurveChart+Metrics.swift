import CairnMetrics

extension CurveChart {
    /// Mean precision against recall.
    public static func precisionRecall(_ curves: [(name: String, curve: PrecisionRecallCurve)]) -> CurveChart {
        CurveChart(
            title: "Precision and recall", summary: "Mean interpolated precision at 101 recalls.",
            x: Axis("recall", range: 0...1), y: Axis("precision", range: 0...1),
            series: curves.enumerated().map { slot, item in
                let points = zip(PrecisionRecallCurve.recalls, item.curve.values).map(Point.init)
                return Series(name: item.name, points: points, slot: slot)
            })
    }

    /// CMC, ranks on a logarithmic axis.
    public static func cumulativeMatch(_ curves: [(name: String, curve: CumulativeMatchCurve)]) -> CurveChart {
        ranks(
            title: "CMC", summary: "Share of queries whose first right answer is at this rank or before.",
            label: "share of queries matched", curves.map { ($0.name, $0.curve.values) })
    }

    /// Mean recall at k, ranks on a logarithmic axis.
    public static func recall(_ curves: [(name: String, curve: RecallCurve)]) -> CurveChart {
        ranks(
            title: "Recall at k", summary: "Mean share of right answers among the first k.", label: "recall",
            curves.map { ($0.name, $0.curve.values) })
    }

    /// Recognised against accepted in error, the latter on a logarithmic axis from a single such query on.
    public static func thresholds(_ curves: [(name: String, curve: ThresholdCurve)]) -> CurveChart {
        let others = curves.map(\.curve.nonLandmarkQueries).max() ?? 0
        let lowest = 1 / Double(max(10, others))
        return CurveChart(
            title: "Recognised against false accepts",
            summary: "For each threshold, the share of landmarks recognised and of other photos accepted.",
            x: Axis("false accepts (share of photos without a landmark)", scale: .logarithmic, range: lowest...1),
            y: Axis("landmarks recognised", range: 0...1),
            series: curves.enumerated().map { slot, item in
                let all = item.curve.points.map { Point(x: $0.falseAccepts, y: $0.recognized) }
                // Of those at the axis' low end, the last: the most that is recognised without a false accept.
                let points = all.suffix(from: all.lastIndex { $0.x < lowest } ?? 0)
                let end = points.last.map { [Point(x: 1, y: $0.y)] } ?? []
                return Series(name: item.name, points: points + end, slot: slot)
            })
    }

    /// What each threshold does: landmarks recognised and confused, and other photos accepted.
    public static func shares(of curve: ThresholdCurve) -> CurveChart {
        let shares: [(name: String, share: (ThresholdCurve.Point) -> Double)] = [
            ("recognised", { $0.recognized }), ("false accepts", { $0.falseAccepts }), ("confused", { $0.confused }),
        ]
        // Drawn from the strictest on: a share holds until the threshold of the next point.
        let strictest = curve.points.map(\.threshold).max() ?? 1
        return CurveChart(
            title: "Shares by threshold",
            summary: "Landmarks recognised and confused, and other photos accepted, for each threshold.",
            x: Axis("threshold on confidence"), y: Axis("share of queries", range: 0...1),
            series: shares.enumerated().map { slot, item in
                let points = curve.points.map { Point(x: $0.threshold, y: item.share($0)) }
                return Series(name: item.name, points: [Point(x: strictest, y: 0)] + points, style: .step, slot: slot)
            })
    }

    private static func ranks(
        title: String, summary: String, label: String, _ curves: [(name: String, values: [Double])]
    ) -> CurveChart {
        let depth = max(2, curves.map(\.values.count).max() ?? 2)
        return CurveChart(
            title: title, summary: summary, x: Axis("rank", scale: .logarithmic, range: 1...Double(depth)),
            y: Axis(label, range: niceFloor(curves.flatMap(\.values))...1),
            series: curves.enumerated().map { slot, item in
                let points = item.values.enumerated().map { Point(x: Double($0.offset + 1), y: $0.element) }
                return Series(name: item.name, points: points, slot: slot)
            })
    }

    /// The tenth below the lowest value, at most 0.9: curves that lie all above 0.8 need not begin at 0.
    private static func niceFloor(_ values: [Double]) -> Double {
        let lowest = values.filter(\.isFinite).min() ?? 0
        return min(0.9, max(0, ((lowest * 10).rounded(.down)) / 10))
    }
}
