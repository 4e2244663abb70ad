import CairnAlgebra
import Testing

@testable import CairnRerank

@Suite("The graph of diffusion")
struct DiffusionGraphTests {
    @Test("rows are joined where each is among the other's nearest", arguments: [1, 2])
    func reciprocity(threads: Int) throws {
        var noise = Noise(seed: 9)
        let rows = try noise.matrix(200, 6)
        let neighbors = try NearestRows.search(among: rows, k: 12, includingSelf: false)
        let graph = AffinityGraph(neighbors, k: 7, gamma: 2, threads: threads)
        let lists = (0..<200).map { Array(neighbors.neighbors(of: $0).indices.prefix(7)) }
        for row in 0..<200 {
            let expected = lists[row].filter { lists[Int($0)].contains(Int32(row)) }
            let range = graph.offsets[row]..<graph.offsets[row + 1]
            #expect(Array(graph.columns[range]) == expected)
            for (column, weight) in zip(graph.columns[range], graph.weights[range]) {
                let similarity = zip(rows[row], rows[Int(column)]).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                #expect(abs(weight - similarity * similarity) < 1e-5)
            }
        }
    }

    @Test("a normalised graph is symmetric and its largest eigenvalue is alpha")
    func normalization() throws {
        var noise = Noise(seed: 10)
        let neighbors = try NearestRows.search(among: noise.matrix(100, 5), k: 10, includingSelf: false)
        var graph = AffinityGraph(neighbors, k: 10, gamma: 3, threads: 1)
        let degrees = (0..<100).map { graph.weights[graph.offsets[$0]..<graph.offsets[$0 + 1]].reduce(0, +) }
        graph.normalize(alpha: 0.9)
        // D^1/2 1 is the eigenvector.
        for row in 0..<100 {
            var sum: Float = 0
            for entry in graph.offsets[row]..<graph.offsets[row + 1] {
                sum += graph.weights[entry] * degrees[Int(graph.columns[entry])].squareRoot()
            }
            #expect(abs(sum - 0.9 * degrees[row].squareRoot()) < 1e-5)
        }
    }

    @Test("weights of generalised max pooling make up for what regions share")
    func pooling() throws {
        // Alone: 1 / (1 + 1). Two alike share: w (2 + 1) = 1 each.
        let regions = try RegionalDescriptors(
            descriptors: DescriptorMatrix(rows: [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0]]), regionsPerImage: 4)
        let weights = GeneralizedMaxPooling.weights(regions, threads: 1)
        for (weight, expected) in zip(weights, [1.0 / 3, 1.0 / 3, 0.5, 1]) {
            #expect(abs(weight - Float(expected)) < 1e-6)
        }
    }

    @Test("the best rows are kept in order, the lower one first among equals")
    func topRows() {
        var top = TopRows(limit: 3)
        for row in (0..<500).reversed() { top.offer(Int32(row), Float(row % 10)) }
        #expect(top.take() == Ranking(rows: [9, 19, 29], scores: [9, 9, 9]))
        #expect(top.take() == Ranking())
    }
}
