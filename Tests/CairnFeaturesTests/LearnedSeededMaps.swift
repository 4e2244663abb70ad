import Foundation
import Testing

@testable import CairnFeatures

/// Maps that are a function of a name, the same as in `Scripts/parity/seeded.py`, and what peers decode from them.
enum SeededMaps {
    static let (rows, columns, entries) = (6, 8, 16)

    /// Numbers in [0, 1): SplitMix64 of the name's FNV-1a hash and the place, upper 24 bits.
    static func units(_ name: String, _ count: Int) -> [Double] {
        let seed = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return (0..<count).map { index in
            var z = seed &+ UInt64(index + 1) &* 0x9e37_79b9_7f4a_7c15
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            z ^= z >> 31
            return Double(z >> 40) / 16_777_216
        }
    }

    /// Logits in [-2, 2).
    static var logits: [Float] { units("logits", 65 * rows * columns).map { Float(4 * $0 - 2) } }

    static func logits(_ values: [Float]) -> NetworkArray {
        NetworkArray(shape: [1, 65, rows, columns], values: values)
    }

    static var features: NetworkArray {
        let values = units("features", entries * rows * columns).map { Float(2 * $0 - 1) }
        return NetworkArray(shape: [1, entries, rows, columns], values: values)
    }

    static var reliability: NetworkArray {
        NetworkArray(shape: [1, 1, rows, columns], values: units("reliability", rows * columns).map { Float($0) })
    }

    /// The whole of an input that the maps cover.
    static var frame: NetworkFrame { NetworkFrame(padding: .init(width: 64, height: 48), toMultipleOf: 8) }
}

/// Keypoints that a peer decoded.
struct DecodingGolden: Decodable {
    let source: String
    let x: [Float]
    let y: [Float]
    let scores: [Float]
    /// Of the first keypoints.
    let descriptors: [[Float]]

    init(named name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"))
        self = try JSONDecoder().decode(DecodingGolden.self, from: Data(contentsOf: url))
    }

    /// Checks positions, order, scores and descriptors.
    func check(_ keypoints: LearnedKeypoints) {
        #expect(keypoints.x == x)
        #expect(keypoints.y == y)
        #expect(zip(keypoints.scores, scores).allSatisfy { abs($0 - $1) < 1e-6 })
        let size = keypoints.entries
        #expect(keypoints.descriptors.count == keypoints.count * size)
        for (index, expected) in descriptors.enumerated() where (index + 1) * size <= keypoints.descriptors.count {
            let actual = keypoints.descriptors[(index * size)..<((index + 1) * size)]
            #expect(zip(actual, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "descriptor \(index)")
        }
    }
}
