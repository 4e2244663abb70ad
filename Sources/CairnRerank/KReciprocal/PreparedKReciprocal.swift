import CairnAlgebra

/// k-reciprocal re-ranking of a gallery whose lists are known.
struct PreparedKReciprocal: PreparedMethod {
    let gallery: RerankingGallery
    let settings: KReciprocal
    let lists: NeighborLists
    /// The gallery's own; `nil` where queries are encoded together with it.
    let encodings: GalleryEncodings?

    func apply(to state: inout RerankingState) async throws {
        let queries = state.queries
        let threads = state.environment.threads
        let nearest = try NearestRows.search(
            queries: queries, in: gallery.descriptors, k: max(state.limit, settings.k1), threads: threads)
        let smallest = try NearestRows.smallestScores(queries: queries, in: gallery.descriptors, threads: threads)
        let entries = try QueryEntries(
            queries: queries, gallery: gallery.descriptors, lists: lists, threads: threads)
        let limit = state.limit
        var rankings = [Ranking](repeating: Ranking(), count: queries.count)
        if let encodings {
            nonisolated(unsafe) let workers = (0..<min(threads, queries.count)).map { _ in
                SingleQuery(encodings, lists: lists, gallery: gallery.descriptors, queries: queries)
            }
            rankings.withUnsafeMutableBufferPointer { rankings in
                nonisolated(unsafe) let rankings = rankings
                concurrentBlocks(queries.count, threads: threads) { worker, query in
                    rankings[query] = workers[worker].ranking(
                        query, near: entries.near[query], far: entries.far[query], nearest: nearest,
                        smallest: smallest[query], lambda: settings.lambda, limit: limit)
                }
            }
        } else {
            let lists = try union(queries, nearest: nearest, smallest: smallest, entries: entries, threads: threads)
            let encodings = GalleryEncodings(
                lists, k2: settings.k2, gallery: gallery.descriptors, queries: queries, threads: threads)
            nonisolated(unsafe) let workers = (0..<min(threads, queries.count)).map { _ in
                (
                    JaccardRanking(rows: lists.count),
                    ReciprocalEncoder(lists, rows: lists.count, gallery: gallery.descriptors, queries: queries)
                )
            }
            rankings.withUnsafeMutableBufferPointer { rankings in
                nonisolated(unsafe) let rankings = rankings
                concurrentBlocks(queries.count, threads: threads) { worker, query in
                    let (jaccard, encoder) = workers[worker]
                    let row = gallery.count + query
                    jaccard.begin(encodings.means, row: row)
                    jaccard.considerRows(in: encodings.rowsByColumn)
                    rankings[query] = jaccard.ranking(
                        overlaps: { jaccard.overlap(encodings.means, row: Int($0)) },
                        similarity: { encoder.product(Int32(truncatingIfNeeded: row), $0) }, nearest: nearest,
                        query: query, smallest: lists.smallest[row], lambda: settings.lambda, limit: limit)
                }
            }
        }
        try state.rank(rankings)
    }

    /// The lists of gallery and queries together.
    private func union(
        _ queries: DescriptorMatrix, nearest: NearestRows, smallest: [Float], entries: QueryEntries, threads: Int
    ) throws -> NeighborLists {
        var lists = lists
        let count = gallery.count
        lists.append(queries.count, smallest: smallest)
        for query in 0..<queries.count {
            let own = count + query
            for (row, score) in entries.near[query] {
                lists.insert(Int32(truncatingIfNeeded: own), score: score, into: Int(row), firstQuery: count)
            }
            for (row, score) in entries.far[query] { lists.lower(Int(row), to: score) }
            let (rows, scores) = nearest.neighbors(of: query)
            for (row, score) in zip(rows.prefix(settings.k1), scores) {
                lists.insert(row, score: score, into: own, firstQuery: count)
            }
        }
        guard queries.count >= 2 else { return lists }
        let others = try NearestRows.search(among: queries, k: settings.k1, includingSelf: false, threads: threads)
        let farthest = try NearestRows.smallestScores(queries: queries, in: queries, threads: threads)
        for query in 0..<queries.count {
            let (rows, scores) = others.neighbors(of: query)
            for (row, score) in zip(rows, scores) {
                lists.insert(
                    row + Int32(truncatingIfNeeded: count), score: score, into: count + query, firstQuery: count)
            }
            lists.lower(count + query, to: farthest[query])
        }
        return lists
    }
}
