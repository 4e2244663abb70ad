import CairnCore
import Foundation
import Testing

@testable import CairnIndex

@Suite("Vocabulary training")
struct VocabularyTrainingTests {
    private func descriptors(_ images: Int) -> [UInt8] { (0..<images).flatMap { Synthetic.descriptors($0) } }

    @Test("the mean squared distance never grows, and ends well below where it began")
    func objective() throws {
        var values: [Double] = []
        let training = VocabularyTraining(words: 50, iterations: 15, tolerance: 0, seed: 3)
        _ = try Vocabulary.train(descriptors: descriptors(20), configuration: training) {
            values.append($0.meanSquaredDistance)
        }
        #expect(values.count >= 3)
        #expect(zip(values, values.dropFirst()).allSatisfy { $1 <= $0 })
        #expect(try #require(values.last) < 0.8 * #require(values.first))
    }

    @Test("one, two and five threads make the same words, another seed makes others")
    func determinism() throws {
        let data = descriptors(12)
        func words(threads: Int, seed: UInt64 = 1) throws -> [UInt8] {
            let training = VocabularyTraining(words: 30, iterations: 5, seed: seed)
            return try Vocabulary.train(descriptors: data, configuration: training, threads: threads).words
        }
        let first = try words(threads: 1)
        #expect(try words(threads: 2) == first)
        #expect(try words(threads: 5) == first)
        #expect(try words(threads: 1, seed: 2) != first)
    }

    @Test("a single word is the rounded mean")
    func mean() throws {
        let data =
            [UInt8](repeating: 10, count: 64) + [UInt8](repeating: 13, count: 64) + [UInt8](repeating: 11, count: 64)
        let vocabulary = try Vocabulary.train(
            descriptors: data, dimensions: 64, configuration: VocabularyTraining(words: 1), note: "by hand")
        #expect(vocabulary.words == [UInt8](repeating: 11, count: 64))  // 34 / 3 = 11.33
        #expect(vocabulary.note == "by hand")
    }

    @Test("words that start equal are moved, so every group of descriptors gets its own")
    func reseeding() throws {
        // 97 copies of one descriptor and three others: most seeds start with several equal words.
        let values: [UInt8] = Array(repeating: 0, count: 97) + [50, 120, 250]
        let data = values.flatMap { Array(repeating: $0, count: 64) }
        for seed in UInt64(1)...8 {
            let vocabulary = try Vocabulary.train(
                descriptors: data, dimensions: 64,
                configuration: VocabularyTraining(words: 4, iterations: 20, seed: seed))
            let found = Set(stride(from: 0, to: 256, by: 64).map { vocabulary.words[$0] })
            #expect(found == [0, 50, 120, 250])
        }
    }

    @Test("impossible requests are refused, and what progress throws ends the training")
    func refusals() throws {
        struct Stop: Error {}
        let data = descriptors(1)
        #expect(throws: IndexError.self) {
            try Vocabulary.train(descriptors: data, configuration: VocabularyTraining(words: 41))
        }
        #expect(throws: IndexError.self) {
            try Vocabulary.train(descriptors: data, configuration: VocabularyTraining(words: 4, iterations: 0))
        }
        #expect(throws: IndexError.self) {
            try Vocabulary.train(descriptors: Array(data.dropLast()), configuration: VocabularyTraining(words: 4))
        }
        #expect(throws: Stop.self) {
            try Vocabulary.train(descriptors: data, configuration: VocabularyTraining(words: 4)) { _ in throw Stop() }
        }
    }

    @Test("a configuration survives JSON, missing keys keep defaults, unknown ones are refused")
    func coding() throws {
        let training = VocabularyTraining(words: 100, iterations: 3, tolerance: 0.5, seed: 9)
        let decoder = JSONDecoder()
        #expect(try decoder.decode(VocabularyTraining.self, from: JSONEncoder().encode(training)) == training)
        let partial = try decoder.decode(VocabularyTraining.self, from: Data(#"{"words": 7}"#.utf8))
        #expect(partial == VocabularyTraining(words: 7))
        #expect(throws: UnknownSettingError.self) {
            try decoder.decode(VocabularyTraining.self, from: Data(#"{"word": 7}"#.utf8))
        }
    }
}
