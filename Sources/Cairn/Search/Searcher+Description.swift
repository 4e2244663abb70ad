import CairnCore
import CairnIndex

extension Searcher {
    /// Makes results of ranked candidates: paths, and what each stage said.
    func describe(
        _ ranked: some Sequence<(candidate: SearchCandidate, score: Float)>, query: QueryFeatures
    ) throws -> [SearchResult] {
        let ranked = Array(ranked)
        let images = try snapshot.images(ranked.map(\.candidate.id) + ranked.compactMap(\.candidate.via))
        var results: [SearchResult] = []
        for (candidate, score) in ranked {
            // Deleted meanwhile.
            guard let image = images[candidate.id] else { continue }
            let isIndirect = candidate.expansion > Float(candidate.evidence?.score ?? 0)
            results.append(
                SearchResult(
                    rank: results.count + 1, image: image, candidate: candidate, score: score,
                    stages: stages(of: candidate, query: query),
                    via: isIndirect ? candidate.via.flatMap { images[$0]?.paths.first } : nil))
        }
        return results
    }

    private func stages(of candidate: SearchCandidate, query: QueryFeatures) -> [String: Double] {
        var stages: [String: Double] = [:]
        if strategy == .local || candidate.localRank != nil {
            let isAggregated = analyzer.indexConfiguration.scoring == .aggregatedMatchKernel
            stages[isAggregated ? "asmk" : "votes"] = Double(candidate.similarity)
            if isAggregated { stages["words"] = Double(candidate.wordCount) }
        }
        if let similarity = candidate.globalSimilarity {
            stages["global"] = Double(similarity)
            for (name, part) in global?.parts(of: candidate.id, query: query.globalDescriptor) ?? [] {
                stages["global.\(name)"] = Double(part)
            }
        }
        if let reranked = candidate.reranked { stages["reranked"] = Double(reranked) }
        if strategy == .fused {
            stages["local_rank"] = candidate.localRank.map(Double.init)
            stages["global_rank"] = candidate.globalRank.map(Double.init)
        }
        if let matches = candidate.matchCount {
            stages["matches"] = Double(matches)
            stages["inliers"] = Double(candidate.evidence?.score ?? 0)
        }
        if candidate.expansion > Float(candidate.evidence?.score ?? 0) {
            stages["expansion"] = Double(candidate.expansion)
        }
        return stages
    }
}
