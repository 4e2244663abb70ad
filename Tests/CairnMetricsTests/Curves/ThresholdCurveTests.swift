import CairnMetrics
import Testing

@Suite struct ThresholdCurveTests {
    private typealias Answer = ThresholdCurve.Answer

    private func answers(_ count: Int, allRight: Bool) -> [ThresholdCurve.Answer] {
        var state: UInt64 = 4
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        return (0..<count).map { query in
            let isLandmark = query % 3 != 0
            let isCorrect = isLandmark && (allRight || random(4) != 0)
            // Twenty confidences: many tie.
            let confidence = Double(random(20) + (isLandmark ? 4 : 0))
            return ThresholdCurve.Answer(
                confidence: !allRight && random(8) == 0 ? nil : confidence, isLandmark: isLandmark, isCorrect: isCorrect
            )
        }
    }

    @Test("Every point is what counting at its threshold gives")
    func counting() {
        let answers = answers(200, allRight: false)
        let curve = ThresholdCurve(answers)
        #expect(curve.points.map(\.threshold) == Set(answers.compactMap(\.confidence)).sorted(by: >))
        let landmarks = answers.filter(\.isLandmark)
        let others = answers.filter { !$0.isLandmark }
        for point in curve.points {
            func accepted(_ answer: ThresholdCurve.Answer) -> Bool {
                answer.confidence.map { $0 >= point.threshold } ?? false
            }
            let right = landmarks.count { accepted($0) && $0.isCorrect }
            let wrong = landmarks.count { accepted($0) && !$0.isCorrect }
            #expect(point.recognized == Double(right) / Double(landmarks.count))
            #expect(point.confused == Double(wrong) / Double(landmarks.count))
            #expect(point.falseAccepts == Double(others.count(where: accepted)) / Double(others.count))
        }
    }

    @Test("With every label right the area is that under the ROC curve: the share of pairs in the right order")
    func rocArea() throws {
        let answers = answers(150, allRight: true)
        var won = 0.0
        var pairs = 0.0
        for landmark in answers where landmark.isLandmark {
            for other in answers where !other.isLandmark {
                let (left, right) = (landmark.confidence ?? 0, other.confidence ?? 0)
                won += left > right ? 1 : left == right ? 0.5 : 0
                pairs += 1
            }
        }
        let area = try #require(ThresholdCurve(answers).area)
        #expect(abs(area - won / pairs) < 1e-12)
    }

    @Test("By hand: a landmark found, a stranger accepted, a landmark confused, one not answered")
    func worked() throws {
        let curve = ThresholdCurve([
            Answer(confidence: 0.9, isLandmark: true, isCorrect: true),
            Answer(confidence: 0.8, isLandmark: false, isCorrect: false),
            Answer(confidence: 0.7, isLandmark: true, isCorrect: false),
            Answer(confidence: nil, isLandmark: true, isCorrect: false),
            Answer(confidence: nil, isLandmark: false, isCorrect: false),
        ])
        let third = 1.0 / 3
        #expect(curve.points.map(\.recognized) == [third, third, third])
        #expect(curve.points.map(\.confused) == [0, 0, third])
        #expect(curve.points.map(\.falseAccepts) == [0, 0.5, 0.5])
        #expect(abs(try #require(curve.area) - third) < 1e-12)
        #expect(curve.point(falseAcceptsAtMost: 0.1)?.threshold == 0.9)
        #expect(curve.point(falseAcceptsAtMost: 0.5)?.threshold == 0.7)
    }

    @Test("Without answers there is no point, without strangers no area")
    func edges() {
        #expect(ThresholdCurve([]).points.isEmpty)
        #expect(ThresholdCurve([]).area == nil)
        let landmarks = ThresholdCurve([Answer(confidence: 1, isLandmark: true, isCorrect: true)])
        #expect(landmarks.area == nil)
        #expect(landmarks.points.first?.recognized == 1)
        let strangers = ThresholdCurve([Answer(confidence: 1, isLandmark: false, isCorrect: false)])
        #expect(strangers.point(falseAcceptsAtMost: 0.5) == nil)
    }
}
