import CairnCore
import Foundation
import Testing

@testable import CairnIndex

@Suite("Feature aggregation")
struct AggregationTests {
    /// The numbers of the DELF library's own test of aggregation (tensorflow/models, research/delf, Apache-2.0).
    @Test("representations are those of the DELF library", arguments: DELF.cases)
    func delf(_ expected: DELF.Case) throws {
        let aggregation = try FeatureAggregation(
            codebook: [0.5, 0.5, 0, 0, 1, 0, -0.5, -0.5, 0, 1], dimensions: 2, configuration: expected.configuration)
        for threads in [1, 3] {
            let found = try aggregation.aggregate(
                expected.descriptors, descriptorsPerRegion: expected.regions, threads: threads)
            #expect(found.words == expected.words)
            #expect(found.numbers.count == expected.numbers.count)
            for (number, other) in zip(found.numbers, expected.numbers) { #expect(abs(number - other) < 1e-6) }
        }
    }

    /// The numbers of the DELF library's own test of similarities.
    @Test("similarities are those of the DELF library")
    func delfSimilarities() throws {
        let vlad = AggregationSimilarity(.vlad, dimensions: 5)
        #expect(try vlad.score(.vector([0, 1, 2, 3, 4]), .vector([5, 6, 7, 8, 9])) == 80)
        let first = AggregatedFeatures.residuals(
            [0, 0, -0.707107, -0.707107, 0.5, 0.866025, 0.816497, 0.57735, 1, 0], words: [0, 1, 2, 3, 4])
        let second = AggregatedFeatures.residuals([0, 1, 1, 0, 0.707107, 0.707107], words: [1, 2, 4])
        var asmk = FeatureAggregationConfiguration.asmk
        #expect(abs(try AggregationSimilarity(asmk, dimensions: 2).score(first, second) - 0.123562) < 1e-6)
        asmk.normalizes = false
        #expect(abs(try AggregationSimilarity(asmk, dimensions: 2).score(first, second) - 0.478554) < 1e-6)
        let binary = AggregationSimilarity(.binaryASMK, dimensions: 2)
        let codes = AggregatedFeatures.codes([0, 0, 3, 3, 3], words: [0, 1, 2, 3, 4])
        #expect(abs(try binary.score(codes, .codes([1, 2, 3], words: [1, 2, 4])) - 0.258199) < 1e-6)
    }

    @Test("random images come out as those of a twin in numpy, and as similar")
    func twin() throws {
        let golden = try Golden.read()
        #expect(golden.cases.count == 24)
        for expected in golden.cases {
            let input = golden.inputs[expected.input]
            let configuration = FeatureAggregationConfiguration(
                method: expected.method, assignments: expected.assignments, normalizes: expected.normalizes,
                alpha: expected.alpha, tau: expected.tau)
            let aggregation = try FeatureAggregation(
                codebook: input.codebook, dimensions: input.dimensions, configuration: configuration)
            let first = try aggregation.aggregate(input.first, descriptorsPerRegion: expected.firstRegions, threads: 2)
            let second = try aggregation.aggregate(input.second, descriptorsPerRegion: expected.secondRegions)
            for (found, expected) in [(first, expected.first), (second, expected.second)] {
                #expect(found.words == expected.words)
                #expect(found.numbers.count == expected.values.count)
                #expect(zip(found.numbers, expected.values).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) })
            }
            let similarity = AggregationSimilarity(configuration, dimensions: input.dimensions)
            let score = try similarity.score(first, second)
            #expect(abs(score - expected.similarity) <= 1e-6 * max(1, abs(expected.similarity)))
            #expect(try similarity.score(second, first) == score)
        }
    }

    @Test("words whose residuals cancel each other out are left out, and equally near words go to the lower one")
    func cancelling() throws {
        let aggregation = try FeatureAggregation(
            codebook: [10, 0, 0, 0, 0, 0, -3, 0], dimensions: 2, configuration: .asmk)
        // Two around word 1, which word 2 equals, and one at word 3 itself.
        let found = try aggregation.aggregate([1, 1, -1, -1, -3, 0])
        #expect(found == .residuals([], words: []))
        #expect(try aggregation.aggregate([1, 0, -3, 4]) == .residuals([1, 0, 0, 1], words: [1, 3]))
    }

    @Test("images without descriptors have zeros or no words, and are similar to nothing")
    func empty() throws {
        for regions in [nil, [], [0, 0]] as [[Int]?] {
            for method in FeatureAggregationConfiguration.Method.allCases {
                let configuration = FeatureAggregationConfiguration(method: method)
                let aggregation = try FeatureAggregation(
                    codebook: [1, 2, 3, 4], dimensions: 2, configuration: configuration)
                let nothing = try aggregation.aggregate([], descriptorsPerRegion: regions)
                #expect(nothing.numbers == (method == .vlad ? [0, 0, 0, 0] : []))
                let score = try AggregationSimilarity(configuration, dimensions: 2)
                    .score(nothing, aggregation.aggregate([5, 5]))
                #expect(score == (method == .vlad ? 0 : -1))
            }
        }
    }

    @Test("what does not fit together is an error that says so")
    func errors() throws {
        func message(_ body: () throws -> Void) throws -> String {
            try #require(throws: IndexError.self, performing: body).message
        }
        for (codebook, dimensions) in [([1, 2, 3], 2), ([], 2), ([1, .nan], 2), ([1], 0)] as [([Float], Int)] {
            #expect(
                try message { _ = try FeatureAggregation(codebook: codebook, dimensions: dimensions) }
                    .contains("no codebook"))
        }
        for assignments in [0, 3] {
            let configuration = FeatureAggregationConfiguration(assignments: assignments)
            #expect(
                try message {
                    _ = try FeatureAggregation(codebook: [1, 2, 3, 4], dimensions: 2, configuration: configuration)
                }.contains("\(assignments) of 2 words"))
        }
        let aggregation = try FeatureAggregation(codebook: [1, 2, 3, 4], dimensions: 2)
        #expect(try message { _ = try aggregation.aggregate([1, 2, 3]) }.contains("3 numbers"))
        #expect(try message { _ = try aggregation.aggregate([1, 2, .infinity, 3]) }.contains("descriptor 1 holds inf"))
        for regions in [[3, 2], [], [5, -1], [3], [Int.max, Int.max]] {
            #expect(
                try message {
                    _ = try aggregation.aggregate(.init(repeating: 1, count: 8), descriptorsPerRegion: regions)
                }.contains("do not add up to the image's 4"))
        }
        let (vlad, asmk) = (
            AggregationSimilarity(.vlad, dimensions: 2), AggregationSimilarity(.asmk, dimensions: 2)
        )
        let residuals = AggregatedFeatures.residuals([1, 0], words: [3])
        #expect(try message { _ = try vlad.score(.vector([1]), .vector([1, 2])) }.contains("one codebook"))
        #expect(try message { _ = try vlad.score(.vector([1]), residuals) }.contains("not both aggregated as vlad"))
        #expect(
            try message { _ = try asmk.score(residuals, .residuals([1, 0, 0], words: [1])) }.contains("3 values"))
        #expect(
            try message { _ = try asmk.score(residuals, .residuals([1, 0, 0, 1], words: [3, 3])) }
                .contains("ascending"))
    }

    @Test("a configuration keeps its defaults, and takes no key that it does not know")
    func decoding() throws {
        let decoder = JSONDecoder()
        let method = Data(#"{"method": "binaryAggregatedMatchKernel"}"#.utf8)
        #expect(try decoder.decode(FeatureAggregationConfiguration.self, from: method) == .binaryASMK)
        #expect(throws: (any Error).self) {
            try decoder.decode(FeatureAggregationConfiguration.self, from: Data(#"{"asignments": 2}"#.utf8))
        }
    }
}

extension AggregatedFeatures {
    fileprivate var numbers: [Double] {
        switch self {
        case .vector(let numbers), .residuals(let numbers, _): numbers.map(Double.init)
        case .codes(let bytes, _): bytes.map(Double.init)
        }
    }
}

/// The golden of Scripts/parity/aggregation.py.
private struct Golden: Decodable {
    struct Input: Decodable {
        var dimensions: Int
        var codebook, first, second: [Float]
    }

    struct Features: Decodable {
        var values: [Double]
        var words: [UInt32]?
    }

    struct Case: Decodable {
        var input, assignments: Int
        var method: FeatureAggregationConfiguration.Method
        var normalizes: Bool
        var alpha, tau: Float
        var firstRegions, secondRegions: [Int]?
        var first, second: Features
        var similarity: Double
    }

    var inputs: [Input]
    var cases: [Case]

    static func read() throws -> Golden {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Goldens/aggregation.json")
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }
}

/// What the DELF library's test feature_aggregation_extractor_test.py expects. Its one case of an error is among `errors`.
enum DELF {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var method: FeatureAggregationConfiguration.Method
        var assignments = 1
        var normalizes = false
        var descriptors: [Float]
        var regions: [Int]?
        var words: [UInt32]?
        var numbers: [Double]

        var testDescription: String { name }

        var configuration: FeatureAggregationConfiguration {
            FeatureAggregationConfiguration(method: method, assignments: assignments, normalizes: normalizes)
        }
    }

    private static let three: [Float] = [1, 0, -1, 0, 1, 2]
    private static let four: [Float] = [1, 0, -1, 0, 1, 2, 0, 2]

    static let cases = [
        Case(
            name: "VLAD", method: .vlad, normalizes: true, descriptors: three,
            numbers: [0, 0, 0, 0, 0, 0, -0.316228, 0.316228, 0.632456, 0.632456]),
        Case(
            name: "VLAD, not normalised", method: .vlad, descriptors: three,
            numbers: [0, 0, 0, 0, 0, 0, -0.5, 0.5, 1, 1]),
        Case(
            name: "VLAD, three words a descriptor", method: .vlad, assignments: 3, descriptors: three,
            numbers: [1, 1, 0, 0, 0, 2, -0.5, 0.5, 0, 0]),
        Case(name: "VLAD of nothing", method: .vlad, descriptors: [], numbers: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        Case(
            name: "R-VLAD, not normalised", method: .vlad, descriptors: four, regions: [3, 1],
            numbers: [0, 0, 0, 0, 0, 0, -0.158114, 0.158114, 0.316228, 0.816228]),
        Case(
            name: "R-VLAD", method: .vlad, normalizes: true, descriptors: four, regions: [3, 1],
            numbers: [0, 0, 0, 0, 0, 0, -0.175011, 0.175011, 0.350021, 0.903453]),
        Case(
            name: "R-VLAD with empty regions, not normalised", method: .vlad, descriptors: four, regions: [0, 3, 0, 1],
            numbers: [0, 0, 0, 0, 0, 0, -0.079057, 0.079057, 0.158114, 0.408114]),
        Case(
            name: "R-VLAD with empty regions", method: .vlad, normalizes: true, descriptors: four,
            regions: [0, 3, 0, 1], numbers: [0, 0, 0, 0, 0, 0, -0.175011, 0.175011, 0.350021, 0.903453]),
        Case(
            name: "ASMK", method: .aggregatedMatchKernel, descriptors: three, words: [3, 4],
            numbers: [-0.707107, 0.707107, 0.707107, 0.707107]),
        Case(
            name: "ASMK*", method: .binaryAggregatedMatchKernel, descriptors: three, words: [3, 4],
            numbers: [64, 192]),
        Case(
            name: "ASMK, three words a descriptor", method: .aggregatedMatchKernel, assignments: 3, descriptors: three,
            words: [0, 2, 3], numbers: [0.707107, 0.707107, 0, 1, -0.707107, 0.707107]),
        Case(
            name: "R-ASMK", method: .aggregatedMatchKernel, descriptors: four, regions: [3, 1], words: [3, 4],
            numbers: [-0.707107, 0.707107, 0.361261, 0.932465]),
        Case(
            name: "R-ASMK*", method: .binaryAggregatedMatchKernel, descriptors: four, regions: [3, 1], words: [3, 4],
            numbers: [64, 192]),
    ]
}
