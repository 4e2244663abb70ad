import Foundation
import Testing

@testable import CairnAlgebra

/// What Scripts/parity/algebra.py computed with numpy in float64.
enum Fixture {
    struct Whitenings: Decodable {
        var descriptors: [[Float]]
        var pca, pcaPower, pcaShrunk, pcaFewRows, learned, learnedReduced, learnedShrunk: Case
        var sklearn: [[Double]]
    }

    struct Case: Decodable {
        var mean: [Double]
        var projection: [[Double]]
        var output: [[Double]]
    }

    struct Combinations: Decodable {
        var scales: [[[Float]]]
        var average, sum, generalizedMean, generalizedMeanOf17Tenths: [[Double]]
        var models: [[[Float]]]
        var weights: [Double]
        var ensemble, weighted: [[Double]]
    }

    struct Nearest: Decodable {
        var gallery, queries: [[Float]]
        var indices: [[Int32]]
        var scores: [[Double]]
    }

    static func read<Content: Decodable>(_ name: String) throws -> Content {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: url))
    }
}

/// The largest difference, as a part of the largest expected magnitude; infinite when sizes differ.
func deviation(_ found: some Collection<Float>, from expected: some Collection<Double>) -> Double {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.reduce(0) { max($0, abs($1)) }
    // `max` of Swift drops a NaN on its right: compare so that a NaN counts.
    return zip(found, expected).reduce(0) { worst, pair in
        let difference = abs(Double(pair.0) - pair.1) / largest
        return difference <= worst ? worst : (difference.isNaN ? .infinity : difference)
    }
}

/// Seeded numbers in -1 ..< 1 (SplitMix64).
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return Float(Int64(z >> 40) - (1 << 23)) / Float(1 << 23)
    }

    mutating func matrix(_ count: Int, _ dimensions: Int) throws -> DescriptorMatrix {
        try DescriptorMatrix(values: (0..<count * dimensions).map { _ in next() }, dimensions: dimensions)
    }
}
