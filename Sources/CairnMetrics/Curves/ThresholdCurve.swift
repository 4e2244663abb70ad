/// What a threshold on confidence does to recognition: for each, how many landmarks are recognised and confused, and how many
/// photos of none are accepted.
///
/// Recognised against false accepts is the open-set classification rate curve, OSCR (Dhamija, Günther and Boult, NeurIPS 2018,
/// section 3), here with "at least the threshold" as accepted.
public struct ThresholdCurve: Hashable, Sendable, Codable {
    /// One query's answer.
    public struct Answer: Hashable, Sendable {
        /// How sure it is, on one scale for all queries; `nil` where there is no answer, which no threshold accepts.
        public var confidence: Double?
        /// Whether the query shows a landmark.
        public var isLandmark: Bool
        /// Whether it does and the answer names it.
        public var isCorrect: Bool

        /// Makes an answer.
        public init(confidence: Double?, isLandmark: Bool, isCorrect: Bool) {
            self.confidence = confidence
            self.isLandmark = isLandmark
            self.isCorrect = isCorrect
        }
    }

    /// The shares at one threshold, each in 0...1. A share of no queries is 0.
    public struct Point: Hashable, Sendable, Codable {
        /// Answers with at least this confidence are accepted.
        public var threshold: Double
        /// The share of landmark queries accepted with the right label.
        public var recognized: Double
        /// The share of landmark queries accepted with a wrong one.
        public var confused: Double
        /// The share of queries of no landmark that are accepted.
        public var falseAccepts: Double
    }

    /// One point for each confidence that occurs, from the strictest threshold to the loosest. Empty when nothing is answered.
    public let points: [Point]

    /// Queries that show a landmark.
    public let landmarkQueries: Int

    /// Queries that show none.
    public let nonLandmarkQueries: Int

    /// Sweeps the threshold over all confidences; equal ones are accepted together. O(n log n).
    ///
    /// Traps on a confidence that is not a number and on an answer that is right about no landmark.
    public init(_ answers: some Sequence<Answer>) {
        var landmarks = 0
        var others = 0
        var accepted: [(confidence: Double, isLandmark: Bool, isCorrect: Bool)] = []
        for (query, answer) in answers.enumerated() {
            precondition(answer.isLandmark || !answer.isCorrect, "query \(query) is right about no landmark")
            if answer.isLandmark { landmarks += 1 } else { others += 1 }
            guard let confidence = answer.confidence else { continue }
            precondition(!confidence.isNaN, "the confidence of query \(query) is not a number")
            accepted.append((confidence, answer.isLandmark, answer.isCorrect))
        }
        accepted.sort { $0.confidence > $1.confidence }
        func share(_ count: Int, of total: Int) -> Double { total == 0 ? 0 : Double(count) / Double(total) }
        var points: [Point] = []
        var counts = (recognized: 0, confused: 0, falseAccepts: 0)
        for (place, answer) in accepted.enumerated() {
            switch (answer.isLandmark, answer.isCorrect) {
            case (true, true): counts.recognized += 1
            case (true, false): counts.confused += 1
            case (false, _): counts.falseAccepts += 1
            }
            if place + 1 < accepted.count, accepted[place + 1].confidence == answer.confidence { continue }
            points.append(
                Point(
                    threshold: answer.confidence, recognized: share(counts.recognized, of: landmarks),
                    confused: share(counts.confused, of: landmarks),
                    falseAccepts: share(counts.falseAccepts, of: others)))
        }
        self.points = points
        landmarkQueries = landmarks
        nonLandmarkQueries = others
    }

    /// The area under recognised against false accepts (AUOSCR), in 0...1; `nil` without queries of either sort.
    ///
    /// By trapezoids from (0, 0); past the loosest threshold the curve goes on level to false accepts of 1. With every answer
    /// right it is the area under the ROC curve of telling landmarks from others.
    public var area: Double? {
        guard landmarkQueries > 0, nonLandmarkQueries > 0 else { return nil }
        var area = 0.0
        var last = (falseAccepts: 0.0, recognized: 0.0)
        for point in points {
            area += (point.falseAccepts - last.falseAccepts) * (point.recognized + last.recognized) / 2
            last = (point.falseAccepts, point.recognized)
        }
        return area + (1 - last.falseAccepts) * last.recognized
    }

    /// The loosest threshold whose share of false accepts is at most this; `nil` when already the strictest has more.
    public func point(falseAcceptsAtMost share: Double) -> Point? {
        points.last { $0.falseAccepts <= share }
    }
}
