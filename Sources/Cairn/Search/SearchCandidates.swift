import CairnCore
import CairnIndex

/// The images that a search has come across, each once.
struct SearchCandidates {
    private var positions: [ImageID: Int] = [:]
    private var candidates: [SearchCandidate] = []

    /// In the order of being added.
    var ids: [ImageID] { candidates.map(\.id) }

    subscript(id: ImageID) -> SearchCandidate? { positions[id].map { candidates[$0] } }

    /// Adds what the inverted file proposes, at a place of its list.
    mutating func add(_ proposal: ScoredImage, localRank: Int) {
        update(proposal.image) {
            $0.similarity = proposal.similarity.rawValue
            $0.wordCount = proposal.matches
            $0.localRank = localRank
        }
    }

    /// Adds what global descriptors propose, at a place of their list.
    mutating func add(_ proposal: ScoredImage, globalRank: Int) {
        update(proposal.image) {
            $0.globalSimilarity = proposal.similarity.rawValue
            $0.globalRank = globalRank
        }
    }

    /// Adds what re-ranking made of the whole list of `count`, at a place of it.
    mutating func add(_ image: ImageID, reranked: Float, globalRank: Int, of count: Int) {
        update(image) {
            $0.reranked = reranked
            $0.globalRank = globalRank
            $0.standing = 1 - Float(globalRank - 1) / Float(count)
        }
    }

    /// Gives images that re-ranking did not reach a standing below all that it did, from 0 to -1 by similarity.
    mutating func placeOthersBelowReranked() {
        for position in candidates.indices where candidates[position].standing == nil {
            let similarity = candidates[position].globalSimilarity ?? -1
            candidates[position].standing = (max(-1, min(1, similarity)) - 1) / 2
        }
    }

    /// Changes an image's entry, and makes one where there is none.
    mutating func update(_ id: ImageID, _ change: (inout SearchCandidate) -> Void) {
        if let position = positions[id] {
            change(&candidates[position])
        } else {
            var candidate = SearchCandidate(id: id)
            change(&candidate)
            positions[id] = candidates.count
            candidates.append(candidate)
        }
    }

    /// Best first by a rule; among equals the lower number first.
    func ranked(by rule: RankingRule) -> [(candidate: SearchCandidate, score: Float)] {
        candidates.map { ($0, rule.score($0)) }.sorted { left, right in
            left.1 != right.1 ? left.1 > right.1 : left.0.id < right.0.id
        }
    }
}
