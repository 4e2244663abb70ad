/// Conjugate gradients for `(I - αS) f = y` over a whole graph, for as many right-hand sides at once as a vector has lanes.
///
/// Each lane is a system of its own, with its own step lengths and its own end: after `iterations` steps, or once its residual
/// is below `tolerance` times the norm of its right-hand side. An edge is loaded once for all lanes. Vectors are float32;
/// inner products are summed in float32 over 128 rows and in double over these, always in the same order.
///
/// Memory: four vectors of lanes for each row of the graph. Not for use from two threads at once.
final class DiffusionBlock {
    /// A concrete type: generic code over `SIMD` works lane by lane.
    typealias Lanes = SIMD16<Float>

    /// How many systems are solved at once.
    static let lanes = Lanes.scalarCount

    private let graph: AffinityGraph
    private let iterations: Int
    private let tolerance: Double
    private let solution: UnsafeMutableBufferPointer<Lanes>
    private let residual: UnsafeMutableBufferPointer<Lanes>
    private let direction: UnsafeMutableBufferPointer<Lanes>
    private let product: UnsafeMutableBufferPointer<Lanes>

    /// Takes a graph normalised with α.
    init(graph: AffinityGraph, iterations: Int, tolerance: Double) {
        self.graph = graph
        self.iterations = iterations
        self.tolerance = tolerance
        func vectors() -> UnsafeMutableBufferPointer<Lanes> {
            let vectors = UnsafeMutableBufferPointer<Lanes>.allocate(capacity: graph.count)
            vectors.initialize(repeating: Lanes())
            return vectors
        }
        solution = vectors()
        residual = vectors()
        direction = vectors()
        product = vectors()
    }

    deinit {
        for vectors in [solution, residual, direction, product] { vectors.deallocate() }
    }

    /// Solves for right-hand sides given by their few rows that are not 0; traps on more of them than lanes.
    func solve(_ seeds: some Collection<[Seed]>) {
        precondition(seeds.count <= Self.lanes, "\(seeds.count) right-hand sides in \(Self.lanes) lanes")
        solution.update(repeating: Lanes())
        residual.update(repeating: Lanes())
        var squares = [Double](repeating: 0, count: Self.lanes)
        for (lane, seeds) in seeds.enumerated() {
            for seed in seeds { residual[Int(seed.row)][lane] += seed.weight }
            var square = 0.0
            for row in Set(seeds.map(\.row)) {
                let value = Double(residual[Int(row)][lane])
                square += value * value
            }
            squares[lane] = square
        }
        _ = direction.update(fromContentsOf: residual)
        let ends = squares.map { $0 * tolerance * tolerance }
        for iteration in 0..<iterations {
            guard zip(squares, ends).contains(where: { $0 > $1 }) else { break }
            let curvature = multiply()
            var steps = Lanes()
            for lane in 0..<Self.lanes where squares[lane] > ends[lane] && curvature[lane] > 0 {
                steps[lane] = Float(squares[lane] / curvature[lane])
            }
            let next = advance(by: steps)
            guard iteration + 1 < iterations else { break }
            var momentum = Lanes()
            for lane in 0..<Self.lanes where squares[lane] > ends[lane] {
                momentum[lane] = Float(next[lane] / squares[lane])
                squares[lane] = next[lane]
            }
            for row in direction.indices { direction[row] = residual[row] + momentum * direction[row] }
        }
    }

    /// The rows of one lane that diffusion reached, best first.
    func ranking(lane: Int, limit: Int) -> Ranking {
        var top = TopRows(limit: limit)
        for row in solution.indices {
            let score = solution[row][lane]
            if score > 0 { top.offer(Int32(truncatingIfNeeded: row), score) }
        }
        return top.take()
    }

    /// The solution of one lane, a number for each row.
    func scores(lane: Int) -> [Float] {
        solution.map { $0[lane] }
    }

    /// `product = (I - αS) direction`; returns their inner product for each lane.
    private func multiply() -> [Double] {
        var sums = [Double](repeating: 0, count: Self.lanes)
        let source = UnsafePointer(direction.baseAddress.unsafelyUnwrapped)
        graph.offsets.withUnsafeBufferPointer { offsets in
            graph.columns.withUnsafeBufferPointer { columns in
                graph.weights.withUnsafeBufferPointer { weights in
                    for start in stride(from: 0, to: graph.count, by: 128) {
                        var partial = Lanes()
                        for row in start..<min(start + 128, graph.count) {
                            var sum = Lanes()
                            for entry in offsets[row]..<offsets[row + 1] {
                                sum += weights[entry] * source[Int(columns[entry])]
                            }
                            let own = source[row]
                            sum = own - sum
                            product[row] = sum
                            partial += own * sum
                        }
                        for lane in 0..<Self.lanes { sums[lane] += Double(partial[lane]) }
                    }
                }
            }
        }
        return sums
    }

    /// Goes along the direction; returns the square of the residual's norm for each lane.
    private func advance(by steps: Lanes) -> [Double] {
        var sums = [Double](repeating: 0, count: Self.lanes)
        for start in stride(from: 0, to: solution.count, by: 128) {
            var partial = Lanes()
            for row in start..<min(start + 128, solution.count) {
                solution[row] += steps * direction[row]
                let rest = residual[row] - steps * product[row]
                residual[row] = rest
                partial += rest * rest
            }
            for lane in 0..<Self.lanes { sums[lane] += Double(partial[lane]) }
        }
        return sums
    }
}

/// A row from which diffusion starts.
struct Seed: Sendable, Equatable {
    let row: Int32
    let weight: Float
}
