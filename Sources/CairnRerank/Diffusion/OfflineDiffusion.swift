import CairnAlgebra

/// For each gallery row the column of `(I - αS)^-1` that begins there, within the row's nearest rows.
///
/// Yang et al. (AAAI 2019), section "Late truncation": the sub-graph of a row keeps the normalisation of the whole graph. Numbers
/// that are not above 0 are not stored. Memory: 8 bytes a number, at most `truncation` a row.
struct OfflineDiffusion: Sendable {
    /// The columns of some rows, solved for by one thread.
    private struct Part: Sendable {
        var offsets: [Int] = [0]
        var rows: [Int32] = []
        var values: [Float] = []
    }

    private let parts: [Part]
    private let count: Int

    private static let columnsPerPart = 1024

    /// Solves for every row. `count` solutions of `iterations` steps over sub-graphs of `truncation` rows.
    ///
    /// - Parameters:
    ///   - graph: Normalised with α.
    ///   - neighbors: At least `truncation - 1` of them a row, or all.
    init(
        graph: AffinityGraph, neighbors: NearestRows, truncation: Int, settings: DiffusionSettings,
        environment: RerankingEnvironment
    ) {
        count = graph.count
        let count = count
        let blocks = (count + Self.columnsPerPart - 1) / Self.columnsPerPart
        let solvers = (0..<min(environment.threads, blocks)).map { _ in
            DiffusionSubgraph(graph: graph, iterations: settings.iterations, tolerance: settings.tolerance)
        }
        nonisolated(unsafe) let workers = solvers
        let done = WorkProgress("Diffusing from every row", total: count, environment: environment)
        var parts = [Part](repeating: Part(), count: blocks)
        parts.withUnsafeMutableBufferPointer { parts in
            nonisolated(unsafe) let parts = parts
            concurrentBlocks(blocks, threads: environment.threads) { worker, block in
                let solver = workers[worker]
                var part = Part()
                var rows: [Int32] = []
                let range = block * Self.columnsPerPart..<min(count, (block + 1) * Self.columnsPerPart)
                for row in range {
                    let own = Int32(truncatingIfNeeded: row)
                    rows.removeAll(keepingCapacity: true)
                    rows.append(own)
                    // A row without edges keeps what it is given.
                    if graph.offsets[row] < graph.offsets[row + 1] {
                        rows += neighbors.neighbors(of: row).indices.prefix(truncation - 1)
                    }
                    solver.solve(rows, seeds: [Seed(row: own, weight: 1)], normalizingWith: nil)
                    for (row, value) in zip(rows, solver.solution) where value > 0 {
                        part.rows.append(row)
                        part.values.append(Float(value))
                    }
                    part.offsets.append(part.rows.count)
                }
                parts[block] = part
                done.add(range.count)
            }
        }
        self.parts = parts
    }

    /// Adds up columns, each as often as its seed weighs, and ranks the rows that they reach.
    func rankings(seeds: [[Seed]], limit: Int, threads: Int) -> [Ranking] {
        let workers = min(threads, max(1, seeds.count))
        // A sum for each gallery row and worker; all 0 between queries.
        let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: workers * count)
        sums.initialize(repeating: 0)
        defer { sums.deallocate() }
        nonisolated(unsafe) let shared = sums
        let count = count
        var rankings = [Ranking](repeating: Ranking(), count: seeds.count)
        rankings.withUnsafeMutableBufferPointer { rankings in
            nonisolated(unsafe) let rankings = rankings
            concurrentBlocks(seeds.count, threads: workers) { worker, query in
                let sums = UnsafeMutableBufferPointer(rebasing: shared[worker * count..<(worker + 1) * count])
                var reached: [Int32] = []
                for seed in seeds[query] where seed.weight > 0 {
                    forEachValue(ofColumn: Int(seed.row)) { row, value in
                        if sums[Int(row)] == 0 { reached.append(row) }
                        sums[Int(row)] += Double(seed.weight) * Double(value)
                    }
                }
                var top = TopRows(limit: limit)
                for row in reached {
                    // A product of numbers near the smallest may have been rounded to 0, and a row noted twice.
                    if sums[Int(row)] > 0 { top.offer(row, Float(sums[Int(row)])) }
                    sums[Int(row)] = 0
                }
                rankings[query] = top.take()
            }
        }
        return rankings
    }

    private func forEachValue(ofColumn column: Int, _ body: (_ row: Int32, _ value: Float) -> Void) {
        let part = parts[column / Self.columnsPerPart]
        let place = column % Self.columnsPerPart
        for entry in part.offsets[place]..<part.offsets[place + 1] { body(part.rows[entry], part.values[entry]) }
    }
}
