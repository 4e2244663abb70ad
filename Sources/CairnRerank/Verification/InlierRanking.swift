/// Ranks the best rows by the inliers that their photos share with the query's.
struct InlierRanking: PreparedMethod {
    let gallery: RerankingGallery
    /// The name of the method, for errors.
    let method: String
    let matching: PairMatching
    /// Rows that are compared.
    let depth: Int
    /// Inliers that verify a row.
    let threshold: Int

    func apply(to state: inout RerankingState) async throws {
        let evidence = try state.requireEvidence(method)
        var heads: [Ranking] = []
        for (query, head) in try state.rankings(depth: depth).enumerated() {
            try Task.checkCancellation()
            let counts = try await evidence.inliers(query: query, rows: head.rows, by: matching)
            precondition(counts.count == head.count, "\(counts.count) inlier counts for \(head.count) rows")
            let places = Array(counts.indices)
            let verified = places.filter { counts[$0] >= threshold }
                .sorted { (counts[$0], $1) > (counts[$1], $0) }
            let others = places.filter { counts[$0] < threshold }
            heads.append(
                Ranking(
                    rows: (verified + others).map { head.rows[$0] },
                    scores: verified.map { Float(counts[$0]) } + others.map { head.scores[$0] }))
            state.environment.progress?("Verifying", query + 1, state.queries.count)
        }
        try state.rank(heads)
    }
}
