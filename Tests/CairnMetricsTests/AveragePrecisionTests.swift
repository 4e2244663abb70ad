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

    @Test("trapezoids are below steps where a miss comes before a hit, and equal to them where none does")
    func trapezoids() {
        #expect(list("1101").trapezoidalAveragePrecision < list("1101").averagePrecision)
        #expect(list("11100", positives: 9).trapezoidalAveragePrecision == list("11100", positives: 9).averagePrecision)
        // Rank 2 of one positive: (0/1 + 1/2) / 2.
        #expect(list("01").trapezoidalAveragePrecision == 0.25)
        #expect(list("", positives: 2).trapezoidalAveragePrecision == 0)
    }
}
