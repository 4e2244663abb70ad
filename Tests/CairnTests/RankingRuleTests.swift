import CairnCore
import Testing

@testable import Cairn

@Suite("Ranking rules")
struct RankingRuleTests {
    private func candidate(
        _ number: UInt32, similarity: Float = 0, global: Float? = nil, expansion: Float = 0
    ) -> SearchCandidate {
        var candidate = SearchCandidate(id: ImageID(number))
        candidate.similarity = similarity
        candidate.globalSimilarity = global
        candidate.expansion = expansion
        return candidate
    }

    @Test("Local: inliers, then the inverted file's similarity below one")
    func local() {
        #expect(RankingRule.local.score(candidate(1, similarity: 1)) == 0.5)
        #expect(RankingRule.local.score(candidate(1, similarity: 3, expansion: 7)) == 7.75)
    }

    @Test("Global: the cosine itself, the lowest of all where there is none")
    func global() {
        #expect(RankingRule.global.score(candidate(1, global: 0.25)) == 0.25)
        #expect(RankingRule.global.score(candidate(1)) == -1)
    }

    @Test("Fused: what is not verified stays below one, whatever the inverted file thought of it")
    func fused() {
        let rule = RankingRule.fused(verifiedInliers: 10)
        #expect(rule.score(candidate(1, similarity: 100, global: 0.5)) == 0.75)
        #expect(rule.score(candidate(1, global: 1)) == 0.999)
        #expect(rule.score(candidate(1, global: 0, expansion: 6)) == 6.5)
        #expect(rule.score(candidate(1)) == 0)
    }

    @Test("Equals are ordered by number")
    func ties() {
        var candidates = SearchCandidates()
        for number: UInt32 in [5, 2, 9] { candidates.update(ImageID(number)) { $0.globalSimilarity = 0.5 } }
        candidates.update(ImageID(7)) { $0.globalSimilarity = 0.6 }
        #expect(candidates.ranked(by: .global).map(\.candidate.id.rawValue) == [7, 2, 5, 9])
    }
}
