import Foundation
import Testing

/// What Scripts/parity/recognition.py computed with scikit-learn, scipy and LightGBM’s Python package.
enum Fixture {
    struct Quantiles: Decodable {
        struct Case: Decodable {
            var name: String
            var values: [Double]
            var output: String
            var count: Int
            var probes: [Double]
            var expected: [Double]
        }

        var cases: [Case]
        var shares: [Double]
        var normal: [Double]
    }

    struct Calibration: Decodable {
        var scores: [Double]
        var correct: [Bool]
        var probes: [Double]
        var isotonic: [Double]
        var slope: Double
        var intercept: Double
    }

    struct Boosting: Decodable {
        var rows: [Double?]
        var labels: [Int]
        var predictions: [Double]
        var gains: [Double]

        var values: [Float] { rows.map { $0.map { Float($0) } ?? .nan } }
    }

    static func read<Content: Decodable>(_ name: String) throws -> Content {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: url))
    }
}

/// The largest difference; infinite when sizes differ.
func deviation(_ found: some Collection<Double>, from expected: some Collection<Double>) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) { worst, pair in
        let difference = abs(pair.0 - pair.1)
        return difference <= worst ? worst : (difference.isNaN ? .infinity : difference)
    }
}
