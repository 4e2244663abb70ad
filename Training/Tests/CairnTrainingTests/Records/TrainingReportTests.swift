import CairnEvaluation
import Foundation
import Testing

@testable import CairnTraining

struct TrainingReportTests {
    private static func report(_ events: [TrainingEvent]) -> String {
        TrainingReport(events: events, date: "2026-01-02").html()
    }

    @Test("A page is well-formed, loads nothing, and lets no name break out of its place")
    func wellFormed() throws {
        let html = Self.report(SyntheticRun.events())
        let body = html.replacing("<!DOCTYPE html>", with: "")
        #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("src=\"/"))
        #expect(html.contains("DELG &lt;on&gt; the town") && html.contains("a&lt;b&gt;.jpg is damaged"))
        // Every element that is opened is closed, in order.
        var open: [Substring] = []
        let withoutScript = body.replacing(/<(script|style)[^>]*>[\s\S]*?<\/\1>/, with: "")
        for tag in withoutScript.matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/) {
            if !tag.3.isEmpty { continue }
            if tag.1.isEmpty {
                open.append(tag.2)
            } else {
                #expect(open.popLast() == tag.2)
            }
        }
        #expect(open.isEmpty)
    }

    @Test("A run that goes on says how long it will; one that ended says so, and why")
    func states() {
        let running = Self.report(SyntheticRun.events(epochs: 5))
        #expect(running.contains(">Running<") && running.contains("left when this was written"))
        #expect(Self.report(SyntheticRun.events()).contains(">Done<"))
        let stopped =
            SyntheticRun.events(epochs: 5) + [
                .stopped(.init(globalStep: 300, reason: "the loss is NaN", seconds: 9))
            ]
        #expect(Self.report(stopped).contains("the loss is NaN"))
        // Without any event there is still a page.
        #expect(Self.report([]).contains("<h1>Training</h1>"))
    }

    @Test("The epoch with the highest figure is marked, once")
    func best() {
        let html = Self.report(SyntheticRun.events())
        #expect(html.matches(of: /class="own"/).count == 1)
        #expect(html.contains("<tr class=\"own\"><th scope=\"row\">10 "))
    }

    @Test("Stages, sizes and phases are marked where they begin, in steps and in epochs")
    func marks() {
        let history = TrainingHistory(SyntheticRun.events())
        #expect(
            history.stepMarks.map { "\($0.x) \($0.name) \($0.isStrong)" } == [
                "0.0 clean true", "0.0 224 px, soft false", "180.0 hard false", "240.0 320 px false",
                "420.0 full true", "420.0 448 px false",
            ])
        #expect(history.epochMarks.map(\.x) == [0.5, 0.5, 3.5, 4.5, 7.5, 7.5])
    }

    @Test("A long curve is drawn with a thousand points at most, its spike kept, the same each time")
    func thinning() {
        let points = (0..<100_000).map { CurveChart.Point(x: Double($0), y: $0 == 54_321 ? 99 : sin(Double($0) / 9)) }
        let thinned = CurveThinning.extremes(points)
        #expect(thinned.count <= 1000 && thinned.contains { $0.y == 99 })
        #expect(thinned.map(\.x) == thinned.map(\.x).sorted())
        #expect(thinned == CurveThinning.extremes(points))
        let even = CurveThinning.even(points)
        #expect(even.count == 1000 && even.first == points.first && even.last == points.last)
        #expect(CurveThinning.extremes([.init(x: 0, y: .nan), .init(x: 1, y: 2)]) == [.init(x: 1, y: 2)])
    }

    @Test("Smoothing starts unbiased: a level curve stays level, and weights fall by 1 - 1/span")
    func smoothing() {
        let level = CurveThinning.smoothed((0..<9).map { .init(x: Double($0), y: 3) }, span: 4)
        #expect(level.allSatisfy { abs($0.y - 3) < 1e-12 })
        let two = CurveThinning.smoothed([.init(x: 0, y: 1), .init(x: 1, y: 4)], span: 2)
        #expect(abs(two[1].y - (0.5 * 1 + 4) / 1.5) < 1e-12)
    }

    @Test("Runs side by side have a row each, with best and last figures and the highest marked")
    func comparison() {
        let html = TrainingComparison(
            title: "Losses",
            runs: [
                .init(name: "ArcFace", events: SyntheticRun.events()),
                .init(name: "soft<max", events: SyntheticRun.events(epochs: 4), note: "no margin"),
            ], date: "2026-01-02"
        ).html()
        #expect(html.contains("soft&lt;max") && html.contains("no margin"))
        let best = 0.72 - 0.6 * exp(-10.0 / 3)
        let last = 0.72 - 0.6 * exp(-11.0 / 3) - 0.03
        #expect(html.contains("<td class=\"best\">\(String(format: "%.4g", best))<small>epoch 10</small></td>"))
        #expect(html.contains("<td>\(String(format: "%.4g", last))</td>"))
        #expect(html.matches(of: /<td class="best">/).count == 2)
    }

    @Test("Settings are YAML with sorted keys; what YAML would read otherwise is quoted")
    func settings() throws {
        struct Loss: Encodable {
            var kind = "arcFace"
            var margin = 0.3
        }
        struct Settings: Encodable {
            var losses = [Loss()]
            var sizes = [224, 320]
            var isOn = true
            var name = "no"
            var text = "a: \"b\"\n"
            var none: [Int] = []
            var nested = ["x": Loss(kind: "mAP@100", margin: 1)]
        }
        #expect(
            try SettingsText.yaml(Settings()) == """
                isOn: true
                losses:
                  - kind: arcFace
                    margin: 0.3
                name: "no"
                nested:
                  x:
                    kind: mAP@100
                    margin: 1
                none: []
                sizes: [224, 320]
                text: "a: \\"b\\"\\n"

                """)
    }
}
