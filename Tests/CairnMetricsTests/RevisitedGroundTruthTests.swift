import CairnMetrics
import Testing

/// The cases of `dataset_test.py` of DELF's revisited_op (tensorflow/models, Apache-2.0), and rankings scored with `compute_map` of
/// filipradenovic/revisitop.
@Suite struct RevisitedGroundTruthTests {
    private func isClose(_ values: [Double], _ expected: [Double], within tolerance: Double) -> Bool {
        values.count == expected.count && zip(values, expected).allSatisfy { abs($0 - $1) < tolerance }
    }

    @Test("easy, medium and hard are read from one ground truth as in the public evaluation")
    func settings() {
        let queries = [
            RevisitedGroundTruth(easy: [10, 56, 100], hard: [0], junk: [6, 90]),
            RevisitedGroundTruth(easy: [], hard: [5], junk: [99, 100]),
            RevisitedGroundTruth(easy: [33], hard: [66, 99], junk: []),
        ]
        let expected: [RevisitedGroundTruth.Setting: [QueryJudgment]] = [
            .easy: [
                QueryJudgment(positives: [10, 56, 100], junk: [6, 90, 0]),
                QueryJudgment(positives: [], junk: [99, 100, 5]), QueryJudgment(positives: [33], junk: [66, 99]),
            ],
            .medium: [
                QueryJudgment(positives: [10, 56, 100, 0], junk: [6, 90]),
                QueryJudgment(positives: [5], junk: [99, 100]), QueryJudgment(positives: [33, 66, 99]),
            ],
            .hard: [
                QueryJudgment(positives: [0], junk: [6, 90, 10, 56, 100]),
                QueryJudgment(positives: [5], junk: [99, 100]), QueryJudgment(positives: [66, 99], junk: [33]),
            ],
        ]
        for setting in RevisitedGroundTruth.Setting.allCases {
            #expect(queries.map { $0.judgment(in: setting) } == expected[setting], "\(setting)")
        }
        #expect(RevisitedGroundTruth.Setting.allCases.map(\.rawValue) == ["easy", "medium", "hard"])
    }

    @Test("positives move up by the junk before them")
    func adjustedRanks() {
        // Positive ranks 0, 2, 6, 10, 20 with junk at 1, 8, 9, 30 become 0, 1, 5, 7, 17.
        let judgment = QueryJudgment(positives: [0, 2, 6, 10, 20], junk: [1, 8, 9, 30])
        let list = RelevanceList(ranking: Int32(0)..<31, judgment: judgment)
        #expect(list.hitRanks == [1, 2, 6, 8, 18])
        #expect(list.length == 27)
    }

    @Test("average precision, precisions and recalls of positives at ranks 0, 2 and 5")
    func singleQuery() {
        let list = RelevanceList(hitRanks: [1, 3, 6], positiveCount: 3, length: 6)
        // (1 + 1)/2, (1/2 + 2/3)/2 and (2/5 + 3/6)/2, each a third: 61/90.
        #expect(abs(list.trapezoidalAveragePrecision - 0.677778) < 1e-6)
        #expect(abs(list.trapezoidalAveragePrecision - 61.0 / 90) < 1e-9)
        #expect([1, 5, 10].map(list.revisitedPrecision(at:)) == [1, 0.4, 0.5])
        let recalls = [1, 5, 10].map(list.recall(at:))
        #expect(isClose(recalls, [0.333333, 0.666667, 1], within: 1e-6))
        #expect(isClose(recalls, [1.0 / 3, 2.0 / 3, 1], within: 1e-9))
    }

    @Test("means leave out the query without positives")
    func severalQueries() {
        let rankings: [[Int32]] = [[4, 2, 0, 1, 3], [0, 2, 4, 1, 3], [0, 1, 2, 3, 4]]
        let judgments = [
            QueryJudgment(positives: [0, 1], junk: [2]), QueryJudgment(positives: [0, 4]), QueryJudgment(positives: []),
        ]
        let lists = zip(rankings, judgments).map { RelevanceList(ranking: $0, judgment: $1) }
        #expect(lists.map(\.hasPositives) == [true, true, false])
        // 5/12, 19/24 and NaN; their mean is 29/48.
        let parts = lists.prefix(2).map(\.trapezoidalAveragePrecision)
        #expect(isClose(parts, [0.416667, 0.791667], within: 1e-6))
        #expect(isClose(parts, [5.0 / 12, 19.0 / 24], within: 1e-9))
        #expect(abs(lists.meanTrapezoidalAveragePrecision - 0.604167) < 1e-6)
        #expect(abs(lists.meanTrapezoidalAveragePrecision - 29.0 / 48) < 1e-9)
        let ranks = [1, 2, 5]
        #expect(ranks.map(lists[0].revisitedPrecision(at:)) == [0, 0.5, 2.0 / 3])
        #expect(ranks.map(lists[1].revisitedPrecision(at:)) == [1, 0.5, 2.0 / 3])
        #expect(ranks.map(lists[0].recall(at:)) == [0, 0.5, 1])
        #expect(ranks.map(lists[1].recall(at:)) == [0.5, 0.5, 1])
        #expect(isClose(ranks.map { lists.meanRevisitedPrecision(at: $0) }, [0.5, 0.5, 2.0 / 3], within: 1e-9))
        #expect(isClose(ranks.map { lists.meanRecall(at: $0) }, [0.25, 0.5, 1], within: 1e-9))
    }

    @Test("compute_map of revisitop gives the same figures")
    func computeMap() {
        // Printed by the program in full.
        let perfect = [RelevanceList(ranking: [0, 1, 2, 3], judgment: QueryJudgment(positives: [0, 1]))]
        #expect(RetrievalProtocol.revisited.figures(perfect).map(\.value) == [1, 1, 1, 1])

        let junkFirst = [
            RelevanceList(ranking: [3, 0, 1, 2, 4], judgment: QueryJudgment(positives: [0, 2], junk: [3]))
        ]
        let figures = RetrievalProtocol.revisited.figures(junkFirst)
        #expect(figures.map(\.name) == ["mAP", "mP@1", "mP@5", "mP@10"])
        let expected = [0.7916666666666666, 1, 0.6666666666666666, 0.6666666666666666]
        #expect(isClose(figures.map(\.value), expected, within: 1e-9))

        let two = [
            RelevanceList(ranking: [4, 2, 0, 1, 3], judgment: QueryJudgment(positives: [0, 1], junk: [2])),
            RelevanceList(ranking: [0, 2, 4, 1, 3], judgment: QueryJudgment(positives: [0, 4])),
        ]
        #expect(
            isClose(
                two.map { RetrievalProtocol.revisited.headline(of: $0) }, [0.41666666666666663, 0.7916666666666666],
                within: 1e-9))
        #expect(abs(RetrievalProtocol.revisited.figures(two)[0].value - 0.6041666666666666) < 1e-9)
        #expect(
            isClose(
                [1, 2, 5].map { two.meanRevisitedPrecision(at: $0) }, [0.5, 0.5, 0.6666666666666666], within: 1e-9))
    }

    @Test("a ranking without a single positive scores 0 in every figure")
    func nothingFound() {
        let list = RelevanceList(ranking: [5, 6], judgment: QueryJudgment(positives: [1]))
        #expect(RetrievalProtocol.revisited.figures([list]).map(\.value) == [0, 0, 0, 0])
    }
}
