extension BootstrapInterval {
    /// The interval of GAP, with queries drawn as a whole: those with an answer, those without, and those of no landmark.
    ///
    /// A query drawn several times stands as often in the list, copies next to one another. A draw without a landmark scores
    /// 0, as `GlobalAveragePrecision` does. `nil` for fewer than two queries or without a landmark.
    ///
    /// O(n log n + n x resamples), n being the answers plus the draws over the queries without one.
    /// - Parameters:
    ///   - predictions: The answers given, as for `GlobalAveragePrecision`, with whether the query shows a landmark at all.
    ///   - unansweredLandmarks: Queries that show a landmark and got no answer.
    ///   - unansweredOthers: Queries that show none and got no answer; they enter by how many are drawn of the others.
    public init?(
        globalAveragePrecisionOf predictions: [(prediction: GlobalAveragePrecision.Prediction, isLandmark: Bool)],
        unansweredLandmarks: Int = 0, unansweredOthers: Int = 0, configuration: BootstrapConfiguration = .default
    ) {
        configuration.check()
        precondition(
            unansweredLandmarks >= 0 && unansweredOthers >= 0,
            "\(unansweredLandmarks) and \(unansweredOthers) queries without an answer")
        let count = predictions.count + unansweredLandmarks + unansweredOthers
        let landmarks = unansweredLandmarks + predictions.count(where: \.isLandmark)
        guard count >= 2, landmarks > 0 else { return nil }
        for (place, answer) in predictions.enumerated() {
            precondition(!answer.prediction.confidence.isNaN, "the confidence of prediction \(place) is not a number")
            precondition(
                answer.isLandmark || !answer.prediction.isCorrect, "prediction \(place) is right on no landmark")
        }
        let order = predictions.indices.sorted { left, right in
            let (first, second) = (predictions[left].prediction.confidence, predictions[right].prediction.confidence)
            return first == second ? left < right : first > second
        }
        let isCorrect = order.map { predictions[$0].prediction.isCorrect }
        // Landmarks that are not right need no place of their own but in the count.
        let isLandmark = order.map { predictions[$0].isLandmark }

        var generator = SplitMix64(seed: configuration.seed)
        var copies = [Int32](repeating: 0, count: count)
        let resampled = (0..<configuration.resamples).map { _ in
            for index in copies.indices { copies[index] = 0 }
            for _ in 0..<count { copies[generator.index(below: count)] += 1 }
            return Self.globalAveragePrecision(
                isCorrect: isCorrect, isLandmark: isLandmark, copies: copies, unansweredLandmarks: unansweredLandmarks)
        }
        let once = [Int32](repeating: 1, count: count)
        let estimate = Self.globalAveragePrecision(
            isCorrect: isCorrect, isLandmark: isLandmark, copies: once, unansweredLandmarks: unansweredLandmarks)
        self.init(
            estimate: estimate, resampled: resampled,
            leftOut: {
                Self.leftOut(
                    isCorrect: isCorrect, isLandmark: isLandmark, landmarks: landmarks,
                    unansweredLandmarks: unansweredLandmarks, unansweredOthers: unansweredOthers)
            }, queries: count, configuration: configuration)
    }

    /// GAP of a list in which each query stands `copies` times: the sorted answers first, then the unanswered landmarks.
    private static func globalAveragePrecision(
        isCorrect: [Bool], isLandmark: [Bool], copies: [Int32], unansweredLandmarks: Int
    ) -> Double {
        var rank = 0
        var correct = 0
        var landmarks = 0
        var sum = 0.0
        for place in isCorrect.indices {
            let times = Int(copies[place])
            if isLandmark[place] { landmarks += times }
            if isCorrect[place] {
                for copy in 0..<times { sum += Double(correct + copy + 1) / Double(rank + copy + 1) }
                correct += times
            }
            rank += times
        }
        for place in isCorrect.count..<isCorrect.count + unansweredLandmarks { landmarks += Int(copies[place]) }
        return landmarks == 0 ? 0 : sum / Double(landmarks)
    }

    /// GAP without each query in turn, in O(n): what comes after the one left out moves up a rank.
    private static func leftOut(
        isCorrect: [Bool], isLandmark: [Bool], landmarks: Int, unansweredLandmarks: Int, unansweredOthers: Int
    ) -> [Double] {
        func share(_ sum: Double, of landmarks: Int) -> Double { landmarks == 0 ? 0 : sum / Double(landmarks) }
        var correct = 0
        var before = [0.0]
        for (place, isRight) in isCorrect.enumerated() {
            if isRight { correct += 1 }
            before.append(before[place] + (isRight ? Double(correct) / Double(place + 1) : 0))
        }
        let all = before[isCorrect.count]
        // Over the right answers from a place on, moved up: Σ c/(rank - 1), and Σ 1/(rank - 1) where one right less precedes.
        var moved = 0.0
        var lost = 0.0
        var figures = [Double](repeating: 0, count: isCorrect.count)
        for place in isCorrect.indices.reversed() {
            let rest = before[place] + moved - (isCorrect[place] ? lost : 0)
            figures[place] = share(rest, of: isLandmark[place] ? landmarks - 1 : landmarks)
            if isCorrect[place] {
                if place > 0 {
                    moved += Double(correct) / Double(place)
                    lost += 1 / Double(place)
                }
                correct -= 1
            }
        }
        return figures + [Double](repeating: share(all, of: landmarks - 1), count: unansweredLandmarks)
            + [Double](repeating: share(all, of: landmarks), count: unansweredOthers)
    }
}
