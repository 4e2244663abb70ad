import Foundation
import Testing

@testable import CairnDatasets

@Suite("The sample town's chance and arithmetic")
struct SampleTownRandomTests {
    @Test("SplitMix64 gives the published stream of seed 1234567")
    func publishedStream() {
        // The first five numbers that the reference C implementation prints for this seed.
        var random = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in random.next() } == expected)
    }

    @Test("whole numbers cover their range evenly")
    func evenIntegers() {
        var random = SplitMix64(seed: 3)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[random.int(-3...3) + 3] += 1 }
        // Deviation of one count is about 93.
        #expect(counts.allSatisfy { abs($0 - 10_000) < 500 }, "\(counts)")
    }

    @Test("paths name streams of their own")
    func paths() {
        var seen = Set<UInt64>()
        for a in UInt64(0)..<60 {
            for b in UInt64(0)..<60 {
                var random = SplitMix64(seed: 9, path: a, b)
                seen.insert(random.next())
            }
        }
        #expect(seen.count == 3_600)
    }

    @Test("sine and cosine agree with the C library to 1e-9")
    func trigonometry() {
        for step in -1_000...1_000 {
            let angle = Double(step) * 0.031
            #expect(abs(PortableMath.sine(angle) - Foundation.sin(angle)) < 1e-9, "sine of \(angle)")
            #expect(abs(PortableMath.cosine(angle) - Foundation.cos(angle)) < 1e-9, "cosine of \(angle)")
        }
    }

    @Test("the floor is right around whole numbers and for negative ones")
    func floors() {
        for value: Float in [
            -2, -1.999, -0.5, -1e-7, 0, 0.499_999, 0.5, 0.999_999, 1, 1.5, 2.5, 4_000.75, -4_000.25, 1e6,
        ] {
            #expect(floorInt(value) == Int32(value.rounded(.down)), "\(value)")
        }
    }

    @Test("all names that a town can give differ")
    func names() {
        let names = Set(
            (0..<TownNames.count).map { TownNames.name($0, style: .gate, seed: 5).split(separator: " ")[0] })
        #expect(names.count == TownNames.count)
    }
}
