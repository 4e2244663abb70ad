import CairnMetrics
import Foundation
import Testing

@testable import CairnEvaluation

@Suite struct CurveChartTests {
    private func chart(
        _ names: [String], ends: [Double], legend: CurveChart.Legend = .automatic, x: CurveChart.Axis? = nil
    ) -> CurveChart {
        CurveChart(
            title: "A & B", summary: "<desc>", x: x ?? CurveChart.Axis("rank", range: 0...1),
            y: CurveChart.Axis("share", range: 0...1),
            series: zip(names, ends).enumerated().map { slot, item in
                CurveChart.Series(name: item.0, points: [.init(x: 0, y: 0), .init(x: 1, y: item.1)], slot: slot)
            }, legend: legend)
    }

    @Test("A file is well-formed XML with a title, a description and a style, whatever the names are")
    func file() throws {
        let text = chart([SheetFixture.hostileName, "]]>"], ends: [0.2, 0.9]).svg()
        let elements = try SheetFixture.elements(of: text)
        #expect(elements.first?.attributes["xmlns"] == "http://www.w3.org/2000/svg")
        #expect(elements.first { $0.name == "title" }?.text == "A & B")
        #expect(elements.first { $0.name == "desc" }?.text == "<desc>")
        #expect(elements.count { $0.name == "script" } == 0)
        #expect(elements.count { $0.name == "path" && $0.attributes["class"] == "line" } >= 2)
    }

    @Test("Names stand at the ends where they have room, else in a legend, and never twice")
    func labels() throws {
        let apart = try SheetFixture.elements(of: chart(["high", "low"], ends: [0.9, 0.2]).svg())
        #expect(apart.filter { $0.text == "high" }.count == 2, "the tooltip and the label")
        #expect(apart.contains { $0.attributes["class"]?.contains("end") == true })
        let close = try SheetFixture.elements(of: chart(["a", "b", "c", "d"], ends: [0.5, 0.5, 0.5, 0.5]).svg())
        #expect(!close.contains { $0.attributes["class"]?.contains("end") == true })
        #expect(close.filter { $0.text == "d" }.count == 2)
        let height = Double(close[0].attributes["height"] ?? "") ?? 0
        #expect(height > 400, "the legend has its own room")
    }

    @Test("Points that are no numbers are left out, and empty series and axes make a chart still")
    func edges() throws {
        var broken = chart(["a"], ends: [.nan])
        broken.series.append(CurveChart.Series(name: "none", points: [], slot: 1))
        broken.series.append(CurveChart.Series(name: "dot", points: [.init(x: .infinity, y: 1)], style: .dots, slot: 2))
        broken.y.range = nil
        for scale in [CurveChart.Scale.linear, .logarithmic] {
            broken.x = CurveChart.Axis("x", scale: scale)
            let text = broken.svg()
            _ = try SheetFixture.elements(of: text)
            #expect(!text.contains("nan") && !text.contains("inf\"") && !text.contains("NaN"))
        }
    }

    @Test("Ticks are round numbers within the axis, by decades where it is logarithmic")
    func ticks() {
        let linear = ChartScale(CurveChart.Axis("", range: 0...1), values: [], pixels: (0, 100))
        #expect(linear.ticks.map(linear.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(linear.position(0.25) == 25)
        let ranks = ChartScale(CurveChart.Axis("", scale: .logarithmic, range: 1...100), values: [], pixels: (0, 100))
        #expect(ranks.ticks.map(ranks.label) == ["1", "2", "5", "10", "20", "50", "100"])
        #expect(abs(ranks.position(10) - 50) < 1e-9)
        #expect(ranks.position(0) == 0 && ranks.position(1e6) == 100)
        let wide = ChartScale(CurveChart.Axis("", scale: .logarithmic, range: 0.0001...1), values: [], pixels: (0, 100))
        #expect(wide.ticks.map(wide.label) == ["0.0001", "0.001", "0.01", "0.1", "1"])
        let free = ChartScale(CurveChart.Axis(""), values: [0.52, 0.71], pixels: (0, 100))
        #expect(free.range.lowerBound <= 0.52 && free.range.upperBound >= 0.71)
        let single = ChartScale(CurveChart.Axis(""), values: [3, 3], pixels: (0, 100))
        #expect(single.range.lowerBound < 3 && single.range.upperBound > 3 && single.ticks.count >= 2)
    }

    @Test("Names beside dots touch neither another dot nor another name")
    func besideDots() {
        let axis = ChartScale(CurveChart.Axis("", range: 0...1), values: [], pixels: (0, 600))
        let upright = ChartScale(CurveChart.Axis("", range: 0...1), values: [], pixels: (400, 0))
        let series = (0..<14).map { index in
            let point = CurveChart.Point(x: 0.4 + Double(index % 4) * 0.02, y: 0.5 + Double(index) * 0.012)
            return CurveChart.Series(name: "variant \(index)", points: [point], style: .dots, slot: index)
        }
        let plot = ChartBox(left: 0, top: 0, right: 600, bottom: 400)
        let labels = ChartLabel.besideDots(of: series, x: axis, y: upright, within: plot)
        #expect(labels.count >= 4)
        let boxes = labels.map { label in
            let width = ChartLabel.width(of: label.name)
            let left = label.anchor == "start" ? label.x : label.anchor == "end" ? label.x - width : label.x - width / 2
            return ChartBox(left: left, top: label.baseline - 11, right: left + width, bottom: label.baseline + 3)
        }
        for (index, box) in boxes.enumerated() {
            #expect(!boxes.suffix(from: index + 1).contains(where: box.overlaps))
            for item in series {
                let (x, y) = (axis.position(item.points[0].x), upright.position(item.points[0].y))
                #expect(!box.overlaps(ChartBox(left: x - 5, top: y - 5, right: x + 5, bottom: y + 5)))
            }
        }
    }

    @Test("Long curves are thinned to what can be seen")
    func thinned() {
        let answers = (0..<50_000).map { place -> ThresholdCurve.Answer in
            let isLandmark = place.isMultiple(of: 2)
            return ThresholdCurve.Answer(confidence: Double(place), isLandmark: isLandmark, isCorrect: isLandmark)
        }
        let text = CurveChart.thresholds([(name: "all", curve: ThresholdCurve(answers))]).svg()
        #expect(text.utf8.count < 40_000)
    }

    @Test("The curves of metrics become charts that are well-formed and stay small, also of nothing")
    func metrics() throws {
        let lists = [RelevanceList(hitRanks: [1, 3], positiveCount: 3, length: 9)]
        for lists in [lists, []] {
            let charts = [
                CurveChart.precisionRecall([(name: "a", curve: PrecisionRecallCurve(lists))]),
                CurveChart.recall([(name: "a", curve: RecallCurve(lists, maximumRank: 1))]),
                CurveChart.cumulativeMatch([(name: "a", curve: CumulativeMatchCurve(lists, maximumRank: 9))]),
                CurveChart.thresholds([(name: "a", curve: ThresholdCurve([]))]),
                CurveChart.shares(of: ThresholdCurve([])),
                CurveChart.shares(
                    of: ThresholdCurve([.init(confidence: 0.5, isLandmark: true, isCorrect: true)])),
            ]
            for chart in charts {
                let text = chart.svg()
                #expect(try !SheetFixture.elements(of: text).isEmpty)
                #expect(!text.contains("nan"))
            }
        }
    }
}
