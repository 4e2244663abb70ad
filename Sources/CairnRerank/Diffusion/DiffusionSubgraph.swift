/// Diffusion within a few rows of a large graph, for one right-hand side: conjugate gradients in double precision.
///
/// Holds a number for each row of the graph, and memory for the sub-graph at hand that is used again for the next. Not for use
/// from two threads at once.
final class DiffusionSubgraph {
    private let graph: AffinityGraph
    private let iterations: Int
    private let tolerance: Double
    /// The place of each row of the graph in the sub-graph, or -1.
    private var places: [Int32]
    private var offsets: [Int] = []
    private var columns: [Int32] = []
    private var weights: [Double] = []
    private var residual: [Double] = []
    private var direction: [Double] = []
    private var product: [Double] = []

    /// A solution for each row of the latest sub-graph, in its order.
    private(set) var solution: [Double] = []

    init(graph: AffinityGraph, iterations: Int, tolerance: Double) {
        self.graph = graph
        self.iterations = iterations
        self.tolerance = tolerance
        places = Array(repeating: -1, count: graph.count)
    }

    /// Solves within `rows`, no row twice; seeds elsewhere are left out.
    ///
    /// - Parameter normalizingWith: α, when the graph holds plain affinities: rows are then normalised by their sums within the
    ///   sub-graph. `nil` for a graph that is normalised already.
    func solve(_ rows: some RandomAccessCollection<Int32>, seeds: [Seed], normalizingWith alpha: Double?) {
        for (place, row) in rows.enumerated() { places[Int(row)] = Int32(truncatingIfNeeded: place) }
        extract(rows)
        residual.removeAll(keepingCapacity: true)
        residual.append(contentsOf: repeatElement(0, count: rows.count))
        for seed in seeds where places[Int(seed.row)] >= 0 {
            residual[Int(places[Int(seed.row)])] += Double(seed.weight)
        }
        for row in rows { places[Int(row)] = -1 }
        if let alpha { normalize(alpha: alpha) }
        iterate()
    }

    private func extract(_ rows: some RandomAccessCollection<Int32>) {
        offsets.removeAll(keepingCapacity: true)
        columns.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        offsets.append(0)
        for row in rows {
            for entry in graph.offsets[Int(row)]..<graph.offsets[Int(row) + 1] {
                let place = places[Int(graph.columns[entry])]
                guard place >= 0 else { continue }
                columns.append(place)
                weights.append(Double(graph.weights[entry]))
            }
            offsets.append(columns.count)
        }
    }

    private func normalize(alpha: Double) {
        // The product's memory is free until the iteration.
        product.removeAll(keepingCapacity: true)
        for row in 0..<offsets.count - 1 {
            let degree = weights[offsets[row]..<offsets[row + 1]].reduce(0, +)
            product.append(degree > 0 ? 1 / degree.squareRoot() : 0)
        }
        for row in 0..<offsets.count - 1 {
            for entry in offsets[row]..<offsets[row + 1] {
                weights[entry] *= alpha * product[row] * product[Int(columns[entry])]
            }
        }
    }

    private func iterate() {
        let count = residual.count
        solution.removeAll(keepingCapacity: true)
        solution.append(contentsOf: repeatElement(0, count: count))
        product.removeAll(keepingCapacity: true)
        product.append(contentsOf: repeatElement(0, count: count))
        direction.removeAll(keepingCapacity: true)
        direction.append(contentsOf: residual)
        var square = residual.reduce(0) { $0 + $1 * $1 }
        let end = square * tolerance * tolerance
        for _ in 0..<iterations {
            guard square > end else { break }
            let curvature = multiply()
            guard curvature > 0 else { break }
            let step = square / curvature
            var next = 0.0
            for row in 0..<count {
                solution[row] += step * direction[row]
                residual[row] -= step * product[row]
                next += residual[row] * residual[row]
            }
            let momentum = next / square
            square = next
            for row in 0..<count { direction[row] = residual[row] + momentum * direction[row] }
        }
    }

    /// `product = (I - αS) direction`; returns their inner product.
    private func multiply() -> Double {
        var sum = 0.0
        offsets.withUnsafeBufferPointer { offsets in
            columns.withUnsafeBufferPointer { columns in
                weights.withUnsafeBufferPointer { weights in
                    direction.withUnsafeBufferPointer { direction in
                        product.withUnsafeMutableBufferPointer { product in
                            for row in direction.indices {
                                var value = direction[row]
                                for entry in offsets[row]..<offsets[row + 1] {
                                    value -= weights[entry] * direction[Int(columns[entry])]
                                }
                                product[row] = value
                                sum += value * direction[row]
                            }
                        }
                    }
                }
            }
        }
        return sum
    }
}
