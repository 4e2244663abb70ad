import CairnMetrics
import Testing

@Suite struct PairedComparisonTests {
    private let system = StatisticsFixture.system
    private let baseline = StatisticsFixture.baseline

    @Test("The difference's interval and the sampled p-value are SciPy's, and the counts those of the pairs")
    func scipy() throws {
        let comparison = try #require(PairedComparison(system, baseline: baseline))
        #expect(StatisticsFixture.isNear(comparison.difference, (0.00369, 0.0518), tolerance: 0.002))
        #expect(!comparison.isExact)
        #expect(abs(comparison.pValue - 0.0499) < 0.01)
        #expect((comparison.wins, comparison.ties, comparison.losses) == (15, 2, 7))
        let sum = zip(system, baseline).map { $0 - $1 }.reduce(0, +)
        #expect(abs(comparison.difference.estimate - sum / 24) < 1e-15)
    }

    @Test("Few queries are enumerated: SciPy's exact p-value of twelve, ties among them")
    func exact() throws {
        let comparison = try #require(
            PairedComparison(Array(system.prefix(12)), baseline: Array(baseline.prefix(12))))
        #expect(comparison.isExact)
        #expect(comparison.pValue == 0.16015625)
    }

    @Test("By hand: two of the eight signs of 1, 2 and 3 reach their sum; of 1, 1 and -1 all do but none less")
    func worked() throws {
        #expect(try #require(PairedComparison([1, 2, 3], baseline: [0, 0, 0])).pValue == 0.25)
        #expect(try #require(PairedComparison([1, 1, 0], baseline: [0, 0, 1])).pValue == 1)
    }

    @Test("Systems that are alike have p = 1 and no width; the comparison turned around has the other sign")
    func degenerate() throws {
        let alike = try #require(PairedComparison(system, baseline: system))
        #expect(alike.pValue == 1 && alike.ties == 24)
        #expect((alike.difference.lower, alike.difference.upper) == (0, 0))
        let comparison = try #require(PairedComparison(system, baseline: baseline))
        let other = try #require(PairedComparison(baseline, baseline: system))
        let turned = comparison.reversed
        #expect(turned.pValue == other.pValue && turned.wins == other.wins && turned.losses == other.losses)
        #expect(
            StatisticsFixture.isNear(
                turned.difference, (other.difference.lower, other.difference.upper), tolerance: 1e-9))
        #expect(PairedComparison([1], baseline: [2]) == nil)
    }

    @Test("Queries that one of the two has no figure for are left out of the pairs")
    func missing() throws {
        let left: [Double?] = [0.5, nil, 0.7, 0.9, 0.1]
        let right: [Double?] = [0.4, 0.3, nil, 0.7, 0.3]
        let comparison = try #require(PairedComparison(left, baseline: right))
        #expect(comparison == PairedComparison([0.5, 0.9, 0.1], baseline: [0.4, 0.7, 0.3]))
        #expect(comparison.difference.queries == 3)
        #expect(PairedComparison([nil, 1], baseline: [1, nil]) == nil)
    }

    @Test("Without a difference p-values are spread evenly: 5 % of them lie below 0.05")
    func calibration() throws {
        var generator = SystemTwin(state: 11)
        var below = 0
        for _ in 0..<600 {
            let left = (0..<12).map { _ in Double.random(in: 0...1, using: &generator) }
            let right = (0..<12).map { _ in Double.random(in: 0...1, using: &generator) }
            let comparison = try #require(
                PairedComparison(left, baseline: right, configuration: BootstrapConfiguration(resamples: 20)))
            if comparison.pValue <= 0.05 { below += 1 }
        }
        #expect((12...50).contains(below), "\(below) of 600")
    }

    @Test("Holm's correction is that of R's p.adjust, keeps the order, and never passes 1")
    func holm() {
        func expectEqual(_ pValues: [Double], _ expected: [Double]) {
            for (left, right) in zip(HolmCorrection.adjusted(pValues), expected) { #expect(abs(left - right) < 1e-12) }
        }
        expectEqual([0.01, 0.02, 0.03, 0.04, 0.05], [0.05, 0.08, 0.09, 0.09, 0.09])
        expectEqual([0.04, 0.001, 0.5, 0.02], [0.08, 0.004, 0.5, 0.06])
        expectEqual([0.6, 0.7], [1, 1])
        #expect(HolmCorrection.adjusted([]).isEmpty)
    }
}

/// A generator of the test's own: xorshift64*.
private struct SystemTwin: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
