import Testing

@testable import CairnMetrics

@Suite struct BootstrapIntervalTests {
    private let percentile = BootstrapConfiguration(method: .percentile)

    @Test("Intervals of a mean are SciPy's, by percentiles and by BCa, within what 10,000 resamples vary")
    func scipy() {
        let values = StatisticsFixture.baseline
        #expect(
            StatisticsFixture.isNear(
                BootstrapInterval(meanOf: values, configuration: percentile), (0.59553, 0.75115), tolerance: 0.004))
        #expect(
            StatisticsFixture.isNear(BootstrapInterval(meanOf: values), (0.59114, 0.74776), tolerance: 0.004))
    }

    @Test("BCa moves the interval of skewed figures as SciPy does, where percentiles are far off")
    func skewed() {
        let values = StatisticsFixture.skewed
        let corrected = BootstrapInterval(meanOf: values, configuration: BootstrapConfiguration(level: 0.9))
        let plain = BootstrapInterval(
            meanOf: values, configuration: BootstrapConfiguration(level: 0.9, method: .percentile))
        #expect(StatisticsFixture.isNear(corrected, (0.42999, 1.56276), tolerance: 0.04))
        #expect(StatisticsFixture.isNear(plain, (0.35757, 1.26636), tolerance: 0.03))
    }

    @Test(
        "With the same resamples the interval is that of the definitions written down plainly",
        arguments: [false, true])
    func twin(isCorrected: Bool) throws {
        let values = StatisticsFixture.skewed
        let configuration = BootstrapConfiguration(
            level: 0.9, resamples: 500, seed: 77, method: isCorrected ? .biasCorrectedAccelerated : .percentile)
        var generator = SplitMix64(seed: 77)
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let resampled = (0..<500).map { _ in mean(values.map { _ in values[generator.index(below: values.count)] }) }
        let leftOut = values.indices.map { index in
            var rest = values
            rest.remove(at: index)
            return mean(rest)
        }
        let expected = StatisticsFixture.interval(
            resampled, estimate: mean(values), leftOut: leftOut, level: 0.9, isCorrected: isCorrected)
        let interval = try #require(BootstrapInterval(meanOf: values, configuration: configuration))
        #expect(StatisticsFixture.isNear(interval, expected, tolerance: 1e-12))
        #expect(interval.estimate == mean(values))
        #expect(interval.queries == 24)
    }

    @Test("Equal figures have an interval without width, fewer than two have none")
    func degenerate() throws {
        let interval = try #require(BootstrapInterval(meanOf: [Double](repeating: 0.1, count: 7)))
        #expect((interval.lower, interval.estimate, interval.upper) == (0.1, 0.1, 0.1))
        #expect(BootstrapInterval(meanOf: [0.5]) == nil)
        #expect(BootstrapInterval(meanOf: []) == nil)
    }

    @Test("The interval depends on the seed alone, and holds about 95 % of the true means")
    func coverage() throws {
        let values = StatisticsFixture.baseline
        #expect(BootstrapInterval(meanOf: values) == BootstrapInterval(meanOf: values))
        #expect(
            BootstrapInterval(meanOf: values) != BootstrapInterval(meanOf: values, configuration: .init(seed: 2)))
        var generator = SplitMix64(seed: 5)
        var held = 0
        for _ in 0..<400 {
            let sample = (0..<40).map { _ in Double.random(in: 0...1, using: &generator) }
            let interval = try #require(BootstrapInterval(meanOf: sample, configuration: .init(resamples: 400)))
            if interval.lower <= 0.5, interval.upper >= 0.5 { held += 1 }
        }
        #expect((364...396).contains(held), "\(held) of 400")
    }

    @Test("GAP's interval is that of lists resampled query by query and scored anew", arguments: [false, true])
    func globalAveragePrecision(isCorrected: Bool) throws {
        var generator = SplitMix64(seed: 3)
        let answers = (0..<30).map { place in
            let isLandmark = place % 4 != 0
            // Few confidences, so that they tie.
            let confidence = Double(generator.index(below: 12))
            return (
                prediction: GlobalAveragePrecision.Prediction(
                    confidence: confidence, isCorrect: isLandmark && Double(generator.index(below: 12)) < confidence),
                isLandmark: isLandmark
            )
        }
        let (landmarks, others) = (5, 3)
        func score(_ queries: [Int]) -> Double {
            let drawn = queries.filter { $0 < 30 }.sorted().map { answers[$0] }
            let count = drawn.count(where: \.isLandmark) + queries.count { $0 >= 30 && $0 < 30 + landmarks }
            return GlobalAveragePrecision(drawn.map(\.prediction), landmarkQueries: count).value
        }
        // The list is resampled by its sorted places: those of equal confidence in the order given.
        let order = answers.indices.sorted {
            (-answers[$0].prediction.confidence, $0) < (-answers[$1].prediction.confidence, $1)
        }
        func query(_ place: Int) -> Int { place < 30 ? order[place] : place }
        let total = 30 + landmarks + others
        let configuration = BootstrapConfiguration(
            resamples: 300, seed: 9, method: isCorrected ? .biasCorrectedAccelerated : .percentile)
        var draws = SplitMix64(seed: 9)
        let resampled = (0..<300).map { _ in score((0..<total).map { _ in query(draws.index(below: total)) }) }
        let leftOut = (0..<total).map { left in score((0..<total).filter { $0 != left }) }
        let expected = StatisticsFixture.interval(
            resampled, estimate: score(Array(0..<total)), leftOut: leftOut, level: 0.95, isCorrected: isCorrected)
        let interval = try #require(
            BootstrapInterval(
                globalAveragePrecisionOf: answers, unansweredLandmarks: landmarks, unansweredOthers: others,
                configuration: configuration))
        #expect(abs(interval.estimate - score(Array(0..<total))) < 1e-12)
        #expect(StatisticsFixture.isNear(interval, expected, tolerance: 1e-12))
        #expect(BootstrapInterval(globalAveragePrecisionOf: [], unansweredOthers: 4) == nil)
    }

    @Test("The normal distribution is SciPy's, far into its tails")
    func normal() {
        let quantiles = [0.025: -1.9599639845400545, 0.8: 0.8416212335729143, 1e-10: -6.361340902404056]
        for (share, value) in quantiles { #expect(abs(NormalDistribution.quantile(share) - value) < 1e-12) }
        #expect(abs(NormalDistribution.cumulative(-3) - 0.0013498980316300933) < 1e-17)
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
    }
}
