import CairnMetrics
import Testing

@Suite struct MetricFuzzTests {
    /// A query with its ranking, judged in both ways, and its twin.
    private struct Case {
        var list: RelevanceList
        var byRows: RelevanceList
        var twin: SlowTwin
    }

    /// Rankings of up to 24 images: short and empty ones, with repetitions, with junk that is positive too, without positives.
    private static let cases: [Case] = {
        var generator = SeededGenerator(state: 2026)
        return (0..<10_000).map { index in
            let universe = Int.random(in: 1...24, using: &generator)
            let ids = Array(0..<universe)
            var ranking = Array(ids.shuffled(using: &generator).prefix(Int.random(in: 0...universe, using: &generator)))
            if index.isMultiple(of: 5), let repeated = ranking.randomElement(using: &generator) {
                ranking.insert(repeated, at: Int.random(in: 0...ranking.count, using: &generator))
            }
            let rarity = Int.random(in: 1..<8, using: &generator)
            let positives = ids.filter { _ in Int.random(in: 0..<rarity, using: &generator) == 0 }
            let junk = ids.filter { _ in Int.random(in: 0..<8, using: &generator) == 0 }
            return Case(
                list: RelevanceList(ranking: ranking, positives: Set(positives), junk: Set(junk)),
                byRows: RelevanceList(
                    ranking: ranking.map(Int32.init),
                    // Lists that name rows twice, in any order, mean the same.
                    judgment: QueryJudgment(
                        positives: (positives + positives.prefix(2)).shuffled(using: &generator).map(Int32.init),
                        junk: junk.map(Int32.init))),
                twin: SlowTwin(ranking: ranking, positives: positives, junk: junk))
        }
    }()

    @Test("10,000 random rankings score the same as by the definitions written out")
    func definitions() {
        for (index, item) in Self.cases.enumerated() {
            let (list, twin) = (item.list, item.twin)
            let k = 1 + index % 30
            let pairs: [(Double, Double)] = [
                (list.precision(at: k), twin.precision(k)), (list.recall(at: k), twin.recall(k)),
                (list.revisitedPrecision(at: k), twin.revisitedPrecision(k)),
                (list.averagePrecision, twin.averagePrecision(twin.flags.count, divisor: twin.positives)),
                (list.averagePrecision(at: k), twin.averagePrecision(k, divisor: min(k, twin.positives))),
                (list.trapezoidalAveragePrecision, twin.oxfordAveragePrecision),
                (list.hitOrMiss(at: k), twin.hitOrMiss(k)), (list.accuracyAtOne, twin.precision(1)),
                (list.nisterSteweniusScore / 4, twin.precision(4)),
            ]
            #expect(pairs.allSatisfy { abs($0 - $1) < 1e-12 && (0...1).contains($0) }, "case \(index): \(pairs)")
            let hits = twin.flags.prefix(k).count { $0 }
            let isSame =
                list.firstHit == twin.firstHit && list.positiveCount == twin.positives && list.relevance == twin.flags
                && list.hits(at: k) == hits
            #expect(isSame, "case \(index)")
            #expect(item.byRows == list, "case \(index)")
            #expect(RelevanceList(relevance: twin.flags, positiveCount: twin.positives) == list, "case \(index)")
        }
    }

    @Test(
        "every protocol's figures are the means of 10,000 queries' definitions", arguments: RetrievalProtocol.allCases)
    func protocols(scoring: RetrievalProtocol) {
        let scored = Self.cases.filter { $0.twin.positives > 0 }
        #expect(scored.count < Self.cases.count)
        let figures = scoring.figures(Self.cases.map(\.list))
        let parts = scored.map { $0.twin.figures(scoring.rawValue) }
        #expect(figures.map(\.name) == parts.first?.map(\.0))
        for (place, figure) in figures.enumerated() {
            let expected = parts.map { $0[place].1 }.reduce(0, +) / Double(scored.count)
            #expect(abs(figure.value - expected) < 1e-9, "\(figure)")
        }
        let place = figures.firstIndex { $0.name == scoring.headline }
        for (item, part) in zip(scored, parts) {
            #expect(abs(scoring.headline(of: item.list) - part[place ?? 0].1) < 1e-12)
        }
    }

    @Test("curves, mean precisions and positions of 10,000 queries follow from each query's first hits and flags")
    func overQueries() {
        let lists = Self.cases.map(\.list)
        let scored = Self.cases.map(\.twin).filter { $0.positives > 0 }
        let count = Double(scored.count)
        let curve = CumulativeMatchCurve(lists, maximumRank: 10)
        let precisions = lists.meanPrecisions(through: 40)
        for rank in 1...40 {
            let matched = scored.map { $0.hitOrMiss(rank) }.reduce(0, +) / count
            #expect(abs(lists.hitRate(at: rank) - matched) < 1e-12)
            if rank <= 10 { #expect(abs(curve[rank: rank] - matched) < 1e-12) }
            #expect(abs(precisions[rank - 1] - scored.map { $0.precision(rank) }.reduce(0, +) / count) < 1e-9)
        }
        for k in [1, 3, 100] {
            let positions = scored.map { twin in twin.hitOrMiss(k) == 1 ? twin.firstHit ?? 0 : k + 1 }
            let position = FirstHitPosition(lists, through: k)
            #expect(abs(position.mean - Double(positions.reduce(0, +)) / count) < 1e-9)
            // At most half of the queries are on either side of the median.
            #expect(Double(positions.count { Double($0) < position.median }) <= count / 2)
            #expect(Double(positions.count { Double($0) > position.median }) <= count / 2)
        }
    }

    @Test("10,000 random sets of landmark predictions score the same as by sorting and counting for each rank")
    func recognition() throws {
        var generator = SeededGenerator(state: 7)
        for index in 0..<10_000 {
            let ids = (0..<Int.random(in: 1...9, using: &generator)).map { "q\($0)" }.shuffled(using: &generator)
            var solution: [String: Set<Int>] = [:]
            var predictions: [String: GoogleLandmarksRecognition.Prediction] = [:]
            for id in ids {
                let landmarks = Int.random(in: 0...2, using: &generator)
                solution[id] = Set((0..<landmarks).map { _ in Int.random(in: 0..<4, using: &generator) })
                guard Int.random(in: 0..<4, using: &generator) > 0 else { continue }
                predictions[id] = .init(
                    landmark: Int.random(in: 0..<4, using: &generator),
                    score: Double(Int.random(in: -2..<3, using: &generator)))
            }
            let onlyLandmarks = index.isMultiple(of: 2)
            let score = try GoogleLandmarksRecognition(
                solution: solution, predictions: predictions, ignoringQueriesWithoutLandmark: onlyLandmarks)
            // By falling score; within a score by rising id, as ids are visited in that order.
            var flags: [Bool] = []
            for level in [2.0, 1, 0, -1, -2] {
                for id in ids.sorted() {
                    guard let answer = predictions[id], let landmarks = solution[id], answer.score == level else {
                        continue
                    }
                    if !(onlyLandmarks && landmarks.isEmpty) { flags.append(landmarks.contains(answer.landmark)) }
                }
            }
            var sum = 0.0
            for rank in 0..<flags.count where flags[rank] {
                sum += Double(flags[...rank].count { $0 }) / Double(rank + 1)
            }
            let landmarks = Double(solution.values.count { !$0.isEmpty })
            let expected = landmarks == 0 ? [0, 0] : [sum / landmarks, Double(flags.count { $0 }) / landmarks]
            let difference = zip(score.figures, expected).map { abs($0.value - $1) }.max() ?? 1
            #expect(difference < 1e-12, "case \(index)")
        }
    }
}
