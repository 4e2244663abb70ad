import CairnAlgebra
import Testing

@testable import CairnEvaluation

@Suite struct RecipeWhiteningPairsTests {
    private func listed(_ labels: [String?], limit: Int?) -> [[Int]] {
        RecipeWhiteningLearner.pairs(labels, limit: limit).map { [$0.query, $0.positive] }
    }

    @Test("all pairs of each label come once, classes in the order of their first photos")
    func all() {
        let labels: [String?] = ["b", "a", nil, "b", "a", "b", "c"]
        #expect(listed(labels, limit: nil) == [[0, 3], [0, 5], [3, 5], [1, 4]])
        #expect(listed(labels, limit: 2) == [[0, 3], [3, 5]])
        #expect(listed([nil, "a"], limit: nil).isEmpty)
    }

    @Test("a pair's number says which it is, for any number of things")
    func numbers() {
        for count in [2, 3, 7, 40] {
            var number = 0
            for first in 0..<count {
                for second in first + 1..<count {
                    #expect(RecipeWhiteningLearner.pair(number, of: count) == (first, second))
                    number += 1
                }
            }
        }
        let count = 3_000_000
        #expect(RecipeWhiteningLearner.pair(count * (count - 1) / 2 - 1, of: count) == (count - 2, count - 1))
    }

    @Test("a class of fifty thousand photos is sampled, not listed")
    func large() {
        let pairs = listed([String?](repeating: "a", count: 50_000), limit: 1_000)
        #expect(pairs.count == 1_000 && Set(pairs).count == 1_000)
        #expect(pairs.allSatisfy { $0[0] < $0[1] && $0[1] < 50_000 })
    }
}
