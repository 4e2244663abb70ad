import CairnMetrics
import Testing

@Suite struct RetrievalProtocolTests {
    @Test("each protocol reports the names that its papers print, in their order, and has a headline among them")
    func names() {
        let expected: [RetrievalProtocol: [String]] = [
            .standard: ["mAP", "mAP@10", "mAP@100", "P@1", "recall@10"],
            .revisited: ["mAP", "mP@1", "mP@5", "mP@10"],
            .oxford: ["mAP"], .googleLandmarks: ["mAP@100"], .digix: ["Acc@1", "mAP@10"], .ukbench: ["N-S"],
            .holidays: ["mAP"], .market: ["CMC@1", "CMC@5", "CMC@10", "CMC@20", "mAP"],
        ]
        let headlines: [RetrievalProtocol: String] = [
            .googleLandmarks: "mAP@100", .digix: "mAP@10", .ukbench: "N-S",
        ]
        for scoring in RetrievalProtocol.allCases {
            #expect(scoring.figures([]).map(\.name) == expected[scoring])
            #expect(scoring.metrics.map(\.name) == expected[scoring])
            #expect(scoring.headline == headlines[scoring] ?? "mAP")
            #expect(scoring.metrics.map(\.name).contains(scoring.headline))
            #expect(scoring.figures([]).allSatisfy { $0.value == 0 })
        }
    }

    @Test("ranks past a protocol's depth change nothing, the last one within does")
    func depth() throws {
        let depths: [RetrievalProtocol: Int] = [.googleLandmarks: 100, .digix: 10, .ukbench: 4]
        for scoring in RetrievalProtocol.allCases {
            #expect(scoring.depth == depths[scoring])
            let last = scoring.depth ?? 1000
            let within = RelevanceList(hitRanks: [1, last], positiveCount: 4, length: 2000)
            let past = RelevanceList(hitRanks: [1, last + 1], positiveCount: 4, length: 2000)
            let alone = RelevanceList(hitRanks: [1], positiveCount: 4, length: last)
            if scoring.depth != nil { #expect(scoring.figures([past]) == scoring.figures([alone])) }
            #expect(scoring.headline(of: within) > scoring.headline(of: alone))
        }
    }

    @Test("one ranking, right, wrong, right, in every protocol, by hand")
    func byHand() {
        // Two of three positives found, at ranks 1 and 3.
        let list = RelevanceList(hitRanks: [1, 3], positiveCount: 3, length: 3)
        let steps: Double = (1 + 2.0 / 3) / 3
        let trapezoids: Double = (1 + (1.0 / 2 + 2.0 / 3) / 2) / 3
        let expected: [RetrievalProtocol: [Double]] = [
            .standard: [steps, steps, steps, 1, 2.0 / 3],
            .revisited: [trapezoids, 1, 2.0 / 3, 2.0 / 3],
            .oxford: [trapezoids], .googleLandmarks: [steps], .digix: [1, steps], .ukbench: [2],
            .holidays: [trapezoids], .market: [1, 1, 1, 1, trapezoids],
        ]
        for scoring in RetrievalProtocol.allCases {
            let values = scoring.figures([list]).map(\.value)
            let isSame = zip(values, expected[scoring] ?? []).allSatisfy { abs($0 - $1) < 1e-15 }
            #expect(isSame, "\(scoring): \(values)")
        }
    }

    @Test("Holidays takes the query out before ranks are counted, UKBench keeps it")
    func ownImage() {
        let holidays = RelevanceList(ranking: [7, 5, 9, 6], judgment: QueryJudgment(positives: [5, 6], junk: [7]))
        // Ranks 1 and 3 of two positives: (1 + (1/2 + 2/3)/2) / 2 = 19/24.
        #expect(abs(RetrievalProtocol.holidays.headline(of: holidays) - 19.0 / 24) < 1e-15)
        let own = QueryJudgment(positives: [4, 5, 6, 7])
        #expect(RetrievalProtocol.ukbench.headline(of: RelevanceList(ranking: [7, 5, 9, 6, 4], judgment: own)) == 3)
        #expect(RetrievalProtocol.ukbench.headline(of: RelevanceList(ranking: [6, 7, 4, 5], judgment: own)) == 4)
        #expect(RetrievalProtocol.ukbench.headline(of: RelevanceList(ranking: [7, 1, 2, 3], judgment: own)) == 1)
    }

    @Test("Market-1501's curve is the match curve's, and the same camera's images do not take a rank")
    func market() {
        let lists = [
            RelevanceList(ranking: [1, 2, 3, 4], judgment: QueryJudgment(positives: [3], junk: [1])),
            RelevanceList(ranking: [4, 3, 2, 1], judgment: QueryJudgment(positives: [4])),
            RelevanceList(ranking: [4, 3], judgment: QueryJudgment(positives: [], junk: [4])),
        ]
        let figures = RetrievalProtocol.market.figures(lists)
        let curve = CumulativeMatchCurve(lists, maximumRank: 20)
        #expect(figures.prefix(4).map(\.value) == [1, 5, 10, 20].map { curve[rank: $0] })
        #expect(figures[0].value == 0.5)
        // Rank 2 of one positive: (0 + 1/2) / 2.
        #expect(abs(figures[4].value - (0.25 + 1) / 2) < 1e-15)
    }

    @Test("the standard figures are those of RetrievalFigures")
    func standard() {
        let lists = [
            RelevanceList(hitRanks: [2, 11, 40], positiveCount: 5, length: 60),
            RelevanceList(hitRanks: [], positiveCount: 0, length: 60),
            RelevanceList(hitRanks: [1], positiveCount: 1, length: 1),
        ]
        let figures = RetrievalFigures(lists)
        #expect(
            RetrievalProtocol.standard.figures(lists).map(\.value) == [
                figures.meanAveragePrecision, figures.meanAveragePrecisionAt10, figures.meanAveragePrecisionAt100,
                figures.precisionAt1, figures.recallAt10,
            ])
    }
}
