import CairnAlgebra

extension RerankingPipeline {
    /// Ranks queries of which some are rows of the gallery themselves: each as if its own row were not there.
    ///
    /// Methods that learn from the gallery do so anew for each row left out: for `r` different rows it takes `r` times as long as
    /// `prepare`, and one more copy of the gallery at a time. Queries without a row share one preparation.
    ///
    /// - Parameters:
    ///   - queries: `[queries, dimensions]`.
    ///   - rows: For each query the row that is to be left out; nil for none.
    ///   - gallery: All rows.
    ///   - queryRegions: Regional descriptors of the queries, where the gallery has such.
    ///   - limit: The most rows for each query.
    ///   - evidence: Compares photos; it sees queries and rows by their numbers here.
    ///   - environment: Threads; its progress is told of queries alone.
    /// - Returns: Rankings of rows of `gallery`, in which a query's own row does not occur.
    public func rank(
        _ queries: DescriptorMatrix, leavingOut rows: [Int?], in gallery: RerankingGallery,
        queryRegions: RegionalDescriptors? = nil, limit: Int, evidence: (any PhotoComparison)? = nil,
        environment: RerankingEnvironment = RerankingEnvironment()
    ) async throws -> [Ranking] {
        guard rows.count == queries.count else {
            throw RerankError(
                .invalidArgument, "there are \(rows.count) rows to leave out for \(queries.count) queries")
        }
        if let wrong = rows.compactMap(\.self).first(where: { !(0..<gallery.count).contains($0) }) {
            throw RerankError(
                .invalidArgument, "there is no row \(wrong) to leave out: the gallery has \(gallery.count)")
        }
        let quiet = RerankingEnvironment(threads: environment.threads)
        var results = [Ranking](repeating: Ranking(), count: queries.count)
        var done = 0
        let groups = Dictionary(grouping: queries.values.isEmpty ? [] : Array(0..<queries.count)) { rows[$0] }
        // In the order of the rows, so that a run can be followed; nil first.
        for (row, members) in groups.sorted(by: { ($0.key ?? -1) < ($1.key ?? -1) }) {
            try Task.checkCancellation()
            let reduced = try row.map { try gallery.leavingOut(row: $0) } ?? gallery
            let prepared = try await prepare(reduced, environment: quiet)
            let found = try await prepared.rank(
                try queries.rows(at: members), queryRegions: try queryRegions?.images(at: members), limit: limit,
                evidence: evidence.map { RenumberedEvidence(evidence: $0, queries: members, missing: row) })
            for (query, ranking) in zip(members, found) {
                results[query] = Ranking(
                    rows: ranking.rows.map { restored($0, missing: row) }, scores: ranking.scores)
            }
            done += members.count
            environment.progress?("Ranking", done, queries.count)
        }
        return results
    }
}

extension RerankingGallery {
    /// The same gallery without one row; rows behind it move up.
    func leavingOut(row: Int) throws -> RerankingGallery {
        let kept = (0..<count).filter { $0 != row }
        return try RerankingGallery(
            descriptors: try descriptors.rows(at: kept), regions: try regions?.images(at: kept),
            labels: labels.map { labels in kept.map { labels[$0] } })
    }
}

extension RegionalDescriptors {
    /// The regions of some images.
    func images(at indices: [Int]) throws -> RegionalDescriptors {
        let rows = indices.flatMap { $0 * regionsPerImage..<($0 + 1) * regionsPerImage }
        return try RegionalDescriptors(
            descriptors: try descriptors.rows(at: rows), regionsPerImage: regionsPerImage)
    }
}

/// Evidence for some queries on a gallery that lacks a row, by evidence that knows all.
private struct RenumberedEvidence: PhotoComparison {
    let evidence: any PhotoComparison
    /// The numbers that queries have there.
    let queries: [Int]
    /// The row that is missing here.
    let missing: Int?

    func inliers(query: Int, rows: [Int32], by matching: PairMatching) async throws -> [Int] {
        try await evidence.inliers(
            query: queries[query], rows: rows.map { restored($0, missing: missing) }, by: matching)
    }

    func localRanking(query: Int, limit: Int) async throws -> [(row: Int32, inliers: Int)] {
        guard let missing else { return try await evidence.localRanking(query: queries[query], limit: limit) }
        // One more than asked for, as the missing row is likely to be the first.
        return try await evidence.localRanking(query: queries[query], limit: limit + 1)
            .filter { Int($0.row) != missing }
            .prefix(limit)
            .map { (row: Int($0.row) > missing ? $0.row - 1 : $0.row, inliers: $0.inliers) }
    }
}

/// The number that a row has where none is missing.
private func restored(_ row: Int32, missing: Int?) -> Int32 {
    guard let missing, Int(row) >= missing else { return row }
    return row + 1
}
