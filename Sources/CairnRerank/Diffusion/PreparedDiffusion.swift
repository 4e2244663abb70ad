import CairnAlgebra
import Foundation

/// Diffusion over a gallery whose graph is built.
struct PreparedDiffusion: PreparedMethod {
    /// What was prepared.
    enum Form: Sendable {
        /// A gallery too small for a graph.
        case none
        /// The whole graph, normalised.
        case whole(AffinityGraph)
        /// Plain affinities, normalised for each query among so many of its nearest rows.
        case truncated(AffinityGraph, rows: Int)
        /// Columns of the inverse.
        case offline(OfflineDiffusion)
    }

    let gallery: RerankingGallery
    let settings: DiffusionSettings
    let form: Form

    func apply(to state: inout RerankingState) async throws {
        let threads = state.environment.threads
        let limit = state.limit
        let heads: [Ranking]
        switch form {
        case .none:
            return
        case .whole(let graph):
            let nearest = try nearest(settings.kq, to: state)
            let seeds = seeds(nearest)
            heads = Self.diffuse(seeds, over: graph, settings: settings, threads: threads) { block, lane in
                block.ranking(lane: lane, limit: limit)
            }
        case .truncated(let graph, let rows):
            let nearest = try nearest(max(rows, settings.kq), to: state)
            heads = truncated(nearest, rows: rows, graph: graph, limit: limit, threads: threads)
        case .offline(let columns):
            let nearest = try nearest(settings.kq, to: state)
            heads = columns.rankings(seeds: seeds(nearest), limit: limit, threads: threads)
        }
        try state.rank(heads)
    }

    private func nearest(_ k: Int, to state: RerankingState) throws -> NearestRows {
        try NearestRows.search(
            queries: state.queries, in: gallery.descriptors, k: k, threads: state.environment.threads)
    }

    private func seeds(_ nearest: NearestRows) -> [[Seed]] {
        (0..<nearest.queryCount).map { query in
            let (rows, scores) = nearest.neighbors(of: query)
            return Self.seeds(rows: rows.prefix(settings.kq), scores: scores, gamma: settings.gamma)
        }
    }

    /// Rows with their similarities, raised to γ; those that are not similar at all are left out.
    static func seeds(rows: ArraySlice<Int32>, scores: ArraySlice<Float>, gamma: Double) -> [Seed] {
        zip(rows, scores).compactMap { row, score in
            score > 0 ? Seed(row: row, weight: Float(pow(Double(score), gamma))) : nil
        }
    }

    private func truncated(
        _ nearest: NearestRows, rows: Int, graph: AffinityGraph, limit: Int, threads: Int
    ) -> [Ranking] {
        let workers = (0..<threads).map { _ in
            DiffusionSubgraph(graph: graph, iterations: settings.iterations, tolerance: settings.tolerance)
        }
        // Each worker has its solver, each query its place.
        nonisolated(unsafe) let solvers = workers
        var heads = [Ranking](repeating: Ranking(), count: nearest.queryCount)
        heads.withUnsafeMutableBufferPointer { heads in
            nonisolated(unsafe) let heads = heads
            concurrentBlocks(nearest.queryCount, threads: threads) { worker, query in
                let (indices, scores) = nearest.neighbors(of: query)
                let solver = solvers[worker]
                let within = indices.prefix(rows)
                solver.solve(
                    within,
                    seeds: Self.seeds(rows: indices.prefix(settings.kq), scores: scores, gamma: settings.gamma),
                    normalizingWith: settings.alpha)
                var top = TopRows(limit: limit)
                for (row, score) in zip(within, solver.solution) where score > 0 { top.offer(row, Float(score)) }
                heads[query] = top.take()
            }
        }
        return heads
    }
}

extension PreparedDiffusion {
    /// Solves over the whole graph for any number of right-hand sides, and asks `ranking` for the answer of each.
    static func diffuse(
        _ seeds: [[Seed]], over graph: AffinityGraph, settings: DiffusionSettings, threads: Int,
        ranking: @Sendable (_ block: DiffusionBlock, _ lane: Int) -> Ranking
    ) -> [Ranking] {
        let width = DiffusionBlock.lanes
        let blocks = (seeds.count + width - 1) / width
        nonisolated(unsafe) let workers = (0..<min(threads, blocks)).map { _ in
            DiffusionBlock(graph: graph, iterations: settings.iterations, tolerance: settings.tolerance)
        }
        var rankings = [Ranking](repeating: Ranking(), count: seeds.count)
        rankings.withUnsafeMutableBufferPointer { rankings in
            nonisolated(unsafe) let rankings = rankings
            concurrentBlocks(blocks, threads: threads) { worker, block in
                let range = block * width..<min(seeds.count, (block + 1) * width)
                workers[worker].solve(seeds[range])
                for query in range { rankings[query] = ranking(workers[worker], query - range.lowerBound) }
            }
        }
        return rankings
    }
}
