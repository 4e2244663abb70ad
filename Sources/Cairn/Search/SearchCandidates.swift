import CairnCore
import CairnIndex

/// The images that a search has come across, each once.
struct SearchCandidates {
    private var positions: [ImageID: Int] = [:]
    private var candidates: [SearchCandidate] = []

    /// In the order of being added.
    var ids: [ImageID] { candidates.map(\.id) }

    subscript(id: ImageID) -> SearchCandidate? { positions[id].map { candidates[$0] } }

    /// Adds what the inverted file proposes.
    mutating func add(_ proposal: ScoredImage) {
        update(proposal.image) {
            $0.similarity = proposal.similarity.rawValue
            $0.wordCount = proposal.matches
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

    /// Best first.
    func ranked() -> [SearchCandidate] { candidates.sorted { $0.precedes($1) } }
}
