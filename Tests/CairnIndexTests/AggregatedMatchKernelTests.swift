import CairnCore
import Foundation
import Testing

@testable import CairnIndex

@Suite("Aggregated match kernel")
struct AggregatedMatchKernelTests {
    @Test("a code has the signs of the summed residuals, and words without descriptors have none")
    func codes() throws {
        // Words 0, 100, 200 in every component; two descriptors near 100, one near 200.
        let words = [0, 100, 200].flatMap { [UInt8](repeating: $0, count: 64) }
        let vocabulary = try Vocabulary(words: words, dimensions: 64)
        var descriptors = [UInt8](repeating: 100, count: 128) + [UInt8](repeating: 200, count: 64)
        descriptors[0] = 110  // component 0 of the first: +10
        descriptors[64] = 95  // component 0 of the second: -5, in all +5
        descriptors[1] = 97  // component 1: -3 and 0
        descriptors[9] = 104  // component 9: +4
        descriptors[64 + 9] = 96  // and -4: a sum of zero sets no bit
        descriptors[128 + 63] = 201
        let signature = descriptors.withUnsafeBytes {
            AggregatedMatchKernel.signature(of: $0, vocabulary: vocabulary)
        }
        #expect(signature.words == [1, 2])
        #expect(signature.codes == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80])
    }

    @Test("with several assignments each descriptor adds its residual to each of its nearest words")
    func assignments() throws {
        let vocabulary = try Synthetic.vocabulary(words: 30)
        let descriptors = Synthetic.descriptors(2)
        let signature = descriptors.withUnsafeBytes {
            AggregatedMatchKernel.signature(of: $0, vocabulary: vocabulary, assignments: 4, threads: 2)
        }
        let twin = SlowKernel.codes(of: descriptors, vocabulary: vocabulary, assignments: 4)
        #expect(signature.words == twin.keys.sorted().map(UInt32.init))
        for (i, word) in signature.words.enumerated() {
            let bits = (0..<128).map { signature.codes[i * 16 + $0 / 8] >> UInt8($0 % 8) & 1 == 1 }
            #expect(bits == twin[Int(word)])
        }
    }

    @Test("selectivity is the cube of the similarity above zero, and zero below")
    func selectivity() {
        let values = AggregatedMatchKernel(.asmk).selectivity(bits: 128)
        #expect(values.count == 129)
        #expect(values[0] == 1 && values[32] == 0.125 && values[64] == 0 && values[128] == 0)
        let strict = AggregatedMatchKernel(InvertedIndexConfiguration(alpha: 1, tau: 0.5)).selectivity(bits: 128)
        #expect(strict[31] == 1 - 62.0 / 128 && strict[32] == 0)
    }

    @Test(
        "a word's weight is positive in a collection of one, and near the usual logarithm in a large one"
    )
    func weights() {
        let kernel = AggregatedMatchKernel(.asmk)
        #expect(abs(kernel.weight(documentFrequency: 1, imageCount: 1) - log(2 / 1.5)) < 1e-6)
        #expect(kernel.weight(documentFrequency: 1_000_000, imageCount: 1_000_000) > 0)
        #expect(abs(kernel.weight(documentFrequency: 100, imageCount: 1_000_000) - log(10_000)) < 0.01)
        let flat = AggregatedMatchKernel(InvertedIndexConfiguration(idfExponent: 0))
        #expect(flat.weight(documentFrequency: 3, imageCount: 10) == 1)
    }

    @Test("a configuration survives JSON, missing keys keep the preset's defaults, unknown ones are refused")
    func coding() throws {
        let decoder = JSONDecoder()
        for preset in [InvertedIndexConfiguration.asmk, .nearestDescriptorVoting] {
            #expect(try decoder.decode(InvertedIndexConfiguration.self, from: JSONEncoder().encode(preset)) == preset)
        }
        func decode(_ text: String) throws -> InvertedIndexConfiguration {
            try decoder.decode(InvertedIndexConfiguration.self, from: Data(text.utf8))
        }
        #expect(try decode("{}") == .asmk)
        #expect(try decode(#"{"scoring": "nearestDescriptorVoting"}"#) == .nearestDescriptorVoting)
        #expect(throws: UnknownSettingError.self) { try decode(#"{"alfa": 2}"#) }
        for bad in [
            InvertedIndexConfiguration(queryAssignments: 0), InvertedIndexConfiguration(alpha: 0),
            InvertedIndexConfiguration(tau: 1), InvertedIndexConfiguration(idfExponent: .nan),
        ] {
            #expect(throws: IndexError.self) { try bad.validate() }
        }
    }
}

/// The kernel as the paper writes it, with dictionaries and doubles.
enum SlowKernel {
    static func codes(of descriptors: [UInt8], vocabulary: Vocabulary, assignments: Int) -> [Int: [Bool]] {
        var sums: [Int: [Int]] = [:]
        for j in 0..<descriptors.count / 128 {
            let x = descriptors[j * 128..<(j + 1) * 128].map(Int.init)
            let residuals = (0..<vocabulary.count).map { word in
                zip(x, vocabulary.words[word * 128..<(word + 1) * 128]).map { $0 - Int($1) }
            }
            let distances = residuals.map { $0.reduce(0) { $0 + $1 * $1 } }
            for word in distances.indices.sorted(by: { distances[$0] < distances[$1] }).prefix(assignments) {
                sums[word] = zip(sums[word] ?? Array(repeating: 0, count: 128), residuals[word]).map(+)
            }
        }
        return sums.mapValues { $0.map { $0 > 0 } }
    }

    /// Scores and matching words of `images` for `query`.
    static func scores(
        query: Int, images: [Int], vocabulary: Vocabulary, assignments: Int = 5
    ) -> [Int: (score: Double, matches: Int)] {
        let database = images.map { codes(of: Synthetic.descriptors($0), vocabulary: vocabulary, assignments: 1) }
        let queryCodes = codes(of: Synthetic.descriptors(query), vocabulary: vocabulary, assignments: assignments)
        func weight(_ word: Int) -> Double {
            log((Double(images.count) + 1) / (Double(database.count { $0[word] != nil }) + 0.5))
        }
        let norm = Double(queryCodes.count).squareRoot() / queryCodes.keys.sorted().reduce(0) { $0 + weight($1) }
        var result: [Int: (Double, Int)] = [:]
        for (image, words) in zip(images, database) {
            var (sum, matches) = (0.0, 0)
            for (word, code) in words {
                guard let other = queryCodes[word] else { continue }
                let u = 1 - 2 * Double(zip(code, other).count { $0 != $1 }) / 128
                guard u > 0 else { continue }
                sum += weight(word) * u * u * u
                matches += 1
            }
            result[image] = (sum * norm / Double(words.count).squareRoot(), matches)
        }
        return result
    }
}
