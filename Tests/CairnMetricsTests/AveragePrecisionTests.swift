import CairnMetrics
import Testing

@Suite struct AveragePrecisionTests {
    /// Flags from a string of 0 and 1.
    private func list(_ flags: String, positives: Int? = nil) -> RelevanceList {
        let relevance = flags.map { $0 == "1" }
        return RelevanceList(relevance: relevance, positiveCount: positives ?? relevance.count(where: { $0 }))
    }

    @Test("average precision equals scikit-learn's average_precision_score")
    func scikitLearn() {
        // scikit-learn 1.9.1, numpy default_rng(20): for n in (4, 7, 12, 20, 30, 30), p = uniform(.1, .6),
        // y = random(n) < p until one is set, average_precision_score(y, arange(n, 0, -1)).
        let goldens: [(String, Double)] = [
            ("0100", 0.500000000000000),
            ("1000000", 1.000000000000000),
            ("100101000100", 0.600000000000000),
            ("10110100001010101000", 0.617084018922254),
            ("000010001000000000000011000000", 0.179830917874396),
            ("111000011101011000000001101111", 0.610564860426929),
        ]
        for (flags, expected) in goldens {
            #expect(abs(list(flags).averagePrecision - expected) < 1e-12, "\(flags)")
        }
    }

    @Test("average precision by hand: hits at ranks 1, 3 and 6 of three positives give (1 + 2/3 + 3/6) / 3")
    func byHand() {
        let ranked = list("101001")
        let sum: Double = 1 + 2.0 / 3 + 0.5
        #expect(abs(ranked.averagePrecision - sum / 3) < 1e-15)
        // Two more positives that were never retrieved add nothing to the sum.
        #expect(abs(list("101001", positives: 5).averagePrecision - sum / 5) < 1e-15)
        #expect(list("", positives: 3).averagePrecision == 0)
        #expect(list("000", positives: 0).averagePrecision == 0)
        #expect(list("111").averagePrecision == 1)
    }

    @Test("truncated average precision divides by the smaller of positives and k")
    func truncated() {
        #expect(list("11111", positives: 40).averagePrecision(at: 5) == 1)
        #expect(abs(list("01011", positives: 40).averagePrecision(at: 2) - 0.25) < 1e-15)
        let three: Double = (0.5 + 0.5 + 0.6) / 3
        #expect(abs(list("01011", positives: 3).averagePrecision(at: 10) - three) < 1e-15)
        #expect(list("0001").averagePrecision(at: 3) == 0)
    }

    @Test("the mAP cases of the Google Landmarks scorer's own tests come out the same")
    func googleLandmarks() {
        // Retrieval predictions and solution of delf's metrics_test.py (Apache-2.0), which expects mAP@100 0.458333,
        // mAP@1 0.5 and mean precisions 0.5, 0.375. The first query has no prediction.
        let lists = [
            RelevanceList(ranking: [String](), positives: ["10", "20"]),
            RelevanceList(ranking: ["00", "10"], positives: ["10"]),
            RelevanceList(ranking: ["40"], positives: ["30", "40", "50"]),
            RelevanceList(ranking: ["30", "40"], positives: ["30"]),
        ]
        #expect(abs(lists.meanAveragePrecision(at: 100) - 0.458333) < 1e-6)
        #expect(abs(lists.meanAveragePrecision(at: 1) - 0.5) < 1e-6)
        #expect(abs(lists.meanPrecision(at: 1) - 0.5) < 1e-6)
        #expect(abs(lists.meanPrecision(at: 2) - 0.375) < 1e-6)
    }

    @Test("trapezoidal AP and revisited precision equal the values of delf's revisited_op tests")
    func revisited() {
        // dataset_test.py of delf's revisited_op (Apache-2.0): positives at ranks 0, 2, 5 give 0.677778, precisions 1, .4, .5
        // and recalls 1/3, 2/3, 1 at 1, 5, 10.
        let single = list("101001")
        #expect(abs(single.trapezoidalAveragePrecision - 0.677778) < 1e-6)
        #expect([1, 5, 10].map(single.revisitedPrecision(at:)) == [1, 0.4, 0.5])
        let recalls: [Double] = [1.0 / 3, 2.0 / 3, 1]
        #expect(zip([1, 5, 10].map(single.recall(at:)), recalls).allSatisfy { abs($0 - $1) < 1e-12 })

        // ComputeMetrics of the same file; the third query has no positives and is left out.
        let lists = [
            RelevanceList(ranking: [4, 2, 0, 1, 3], positives: [0, 1], junk: [2]),
            RelevanceList(ranking: [0, 2, 4, 1, 3], positives: [0, 4]),
            RelevanceList(ranking: [0, 1, 2, 3, 4], positives: []),
        ]
        #expect(abs(lists[0].trapezoidalAveragePrecision - 0.416667) < 1e-6)
        #expect(abs(lists[1].trapezoidalAveragePrecision - 0.791667) < 1e-6)
        #expect(abs(lists.mean(\.trapezoidalAveragePrecision) - 0.604167) < 1e-6)
        let precisions = [1, 2, 5].map { k in lists.mean { $0.revisitedPrecision(at: k) } }
        #expect(zip(precisions, [0.5, 0.5, 0.666667]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect([1, 2, 5].map { lists.meanRecall(at: $0) } == [0.25, 0.5, 1])

        // revisitop's evaluate.py, run on the listed ranking with image 3 as junk: 0.7916666666666666.
        let junkFirst = RelevanceList(ranking: [3, 0, 1, 2, 4], positives: [0, 2], junk: [3])
        #expect(abs(junkFirst.trapezoidalAveragePrecision - 0.7916666666666666) < 1e-12)
        #expect(abs(junkFirst.revisitedPrecision(at: 5) - 0.6666666666666666) < 1e-12)
    }
}
