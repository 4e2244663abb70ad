import Foundation
import Testing

@testable import CairnGeometry

@Suite struct ProsacSamplerTests {
    @Test("The first sample is the best correspondences, and every early sample holds the newest of its pool")
    func earlySamples() {
        var sampler = ProsacSampler(sampleSize: 4, count: 100)
        var random = SplitMix64(seed: 1)
        var sample = [0, 0, 0, 0]
        sampler.draw(into: &sample, using: &random)
        #expect(Set(sample) == [0, 1, 2, 3])
        for _ in 0..<50 {
            sampler.draw(into: &sample, using: &random)
            #expect(Set(sample).count == 4)
            #expect(sample.allSatisfy { $0 < sampler.poolSize })
        }
    }

    @Test("The pool grows as the paper's recurrence says, computed here from binomials")
    func growth() {
        let (m, count, horizon) = (3, 40, 20_000.0)
        func choose(_ n: Int) -> Double { Double(n * (n - 1) * (n - 2)) / 6 }
        // T_n = T_N C(n, m) / C(N, m); T'_m = 1; T'_{n+1} = T'_n + ⌈T_{n+1} - T_n⌉.
        var last = [m: 1]
        for n in m..<count {
            last[n + 1] = (last[n] ?? 0) + Int(((choose(n + 1) - choose(n)) * horizon / choose(count)).rounded(.up))
        }
        var sampler = ProsacSampler(sampleSize: m, count: count)
        var random = SplitMix64(seed: 2)
        var sample = [0, 0, 0]
        for _ in 1...5_000 {
            sampler.draw(into: &sample, using: &random)
            let expected = (m...count).first { sampler.draws <= (last[$0] ?? 0) } ?? count
            #expect(sampler.poolSize == expected)
        }
    }

    @Test("Once the pool is everything, every correspondence is drawn equally often")
    func uniform() {
        var sampler = ProsacSampler(sampleSize: 2, count: 10, horizon: 50)
        var random = SplitMix64(seed: 3)
        var sample = [0, 0]
        var histogram = [Int](repeating: 0, count: 10)
        for draw in 0..<20_100 {
            sampler.draw(into: &sample, using: &random)
            if draw >= 100 { for index in sample { histogram[index] += 1 } }
        }
        // 4,000 expected each, standard deviation 57.
        #expect(histogram.allSatisfy { abs($0 - 4_000) < 300 })
    }

    @Test("A sample as large as the list is the list")
    func smallest() {
        var sampler = ProsacSampler(sampleSize: 4, count: 4)
        var random = SplitMix64(seed: 4)
        var sample = [0, 0, 0, 0]
        for _ in 0..<20 {
            sampler.draw(into: &sample, using: &random)
            #expect(Set(sample) == [0, 1, 2, 3])
        }
    }
}
