import CairnEvaluation

/// A run's curves.
struct TrainingCharts {
    let history: TrainingHistory

    /// A chart with its heading.
    struct Titled {
        var chart: CurveChart
        var note: String
    }

    /// All that there is something to draw for.
    var all: [Titled] {
        var charts = validation
        charts.append(loss)
        charts.append(
            steps("Accuracy", "Share of photos whose class was right.", "share of photos", \.accuracy))
        charts.append(
            steps("Learning rate", "Of the first group of parameters.", "learning rate", smooth: false) {
                $0.learningRate
            })
        charts.append(
            steps(
                "Gradient norm", "Before gradients are clipped.", "length of the gradient", scale: .logarithmic,
                \.gradientNorm))
        charts.append(
            steps("Images a second", "Over all processes, waiting for data included.", "images a second") {
                $0.imagesPerSecond
            })
        return charts.filter { item in item.chart.series.contains { !$0.points.isEmpty } }
    }

    /// Figures within 0...1 share a chart; each other one has its own.
    private var validation: [Titled] {
        let names = history.figures
        let shares = names.filter { name in
            history.epochs.compactMap { $0.validation[name] }.allSatisfy { !$0.isFinite || (0...1).contains($0) }
        }
        let groups = (shares.isEmpty ? [] : [shares]) + names.filter { !shares.contains($0) }.map { [$0] }
        return groups.map { group in
            let series = group.enumerated().flatMap { slot, name -> [CurveChart.Series] in
                let points = history.epochs.compactMap { record in
                    record.validation[name].map {
                        CurveChart.Point(x: Double(history.number(of: record)), y: $0)
                    }
                }
                return [.init(name: name, points: CurveThinning.even(points), slot: slot)]
            }
            var chart = CurveChart(
                title: group.count == 1 ? "Validation: \(group[0])" : "Validation",
                summary: "Figures of the validation photos after each epoch.", x: .init("epoch"),
                y: .init(group.count == 1 ? group[0] : "figure"), series: series)
            chart.marks = history.epochMarks
            return Titled(chart: chart, note: "Figures of the validation photos, epoch by epoch.")
        }
    }

    private var loss: Titled {
        let parts = history.lossNames
        var series = curve(parts.count > 1 ? "total" : "loss", slot: 0) { $0.loss }
        if parts.count > 1 {
            for (index, name) in parts.enumerated() { series += curve(name, slot: index + 1) { $0.losses[name] } }
        }
        let isPositive = history.steps.allSatisfy { !$0.loss.isFinite || $0.loss > 0 }
        let values = history.steps.map(\.loss).filter(\.isFinite)
        let isWide = isPositive && (values.max() ?? 1) > 50 * (values.min() ?? 1)
        return titled(
            "Loss", "Each step pale, smoothed over the last fiftieth of the run dark.",
            .init("loss", scale: isWide ? .logarithmic : .linear), series)
    }

    private func steps(
        _ title: String, _ note: String, _ label: String, scale: CurveChart.Scale = .linear, smooth: Bool = true,
        _ value: (StepRecord) -> Double?
    ) -> Titled {
        titled(title, note, .init(label, scale: scale), curve(label, slot: 0, smooth: smooth, value))
    }

    private func titled(_ title: String, _ note: String, _ y: CurveChart.Axis, _ series: [CurveChart.Series]) -> Titled
    {
        // Pale curves below all dark ones.
        let sorted = series.filter { $0.style == .pale } + series.filter { $0.style != .pale }
        let last = Double(history.steps.last?.globalStep ?? 1)
        var chart = CurveChart(
            title: title, summary: "\(title), step by step. \(note)", x: .init("step", range: 0...max(1, last)), y: y,
            series: sorted)
        chart.marks = history.stepMarks
        return Titled(chart: chart, note: note)
    }

    /// A curve over steps, smoothed within each stage, over its raw self.
    private func curve(_ name: String, slot: Int, smooth: Bool = true, _ value: (StepRecord) -> Double?)
        -> [CurveChart.Series]
    {
        func point(_ record: StepRecord) -> CurveChart.Point? {
            value(record).map { CurveChart.Point(x: Double(record.globalStep), y: $0) }
        }
        guard smooth else {
            let points = CurveThinning.even(history.steps.compactMap(point))
            return [.init(name: name, points: points, style: .step, slot: slot)]
        }
        let span = Double(history.steps.count) / 50
        var (raw, dark): ([CurveChart.Point], [CurveChart.Point]) = ([], [])
        for stage in Set(history.steps.map(\.stage)).sorted() {
            let points = history.steps.filter { $0.stage == stage }.compactMap(point)
            raw += points
            dark += CurveThinning.smoothed(points, span: span)
        }
        return [
            .init(name: name, points: CurveThinning.extremes(raw), style: .pale, slot: slot),
            .init(name: name, points: CurveThinning.even(dark), slot: slot),
        ]
    }
}
