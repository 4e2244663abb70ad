import CairnAlgebra
import Foundation

/// The reciprocal nearest-neighbour graph of a gallery, as a symmetric sparse matrix in compressed rows.
///
/// Iscen et al., "Efficient diffusion on region manifolds" (CVPR 2017), section 3.1: rows are joined where each is among the
/// other's `k` nearest, with weight `max(s, 0)^γ` of their similarity `s`; no row is joined to itself. Pairs of weight 0 are not
/// stored, so a row of zeros has no neighbour. `k` counts other rows; the authors' programs count the row itself, so that
/// their 50 is 49 here.
///
/// Memory: 8 bytes an edge end, at most `8 k` a row, usually half of that.
struct AffinityGraph: Sendable {
    /// Where the neighbours of each row begin, and where the last ones end: a number more than rows.
    let offsets: [Int]
    /// The neighbours, most similar first.
    let columns: [Int32]
    /// A weight for each neighbour.
    private(set) var weights: [Float]

    /// How many rows there are.
    var count: Int { offsets.count - 1 }

    private static let rowsPerChunk = 4096

    /// Joins reciprocal neighbours. `count * k` look-ups in lists of `k`, most of them decided by the list's last similarity.
    ///
    /// - Parameters:
    ///   - neighbors: Neighbours of each row among the others, best first; more than `k` of them may be there.
    ///   - gamma: The exponent γ.
    init(_ neighbors: NearestRows, k: Int, gamma: Double, threads: Int) {
        let count = neighbors.queryCount
        let length = neighbors.k
        let k = min(k, length)
        let chunks = (count + Self.rowsPerChunk - 1) / Self.rowsPerChunk
        var parts = [Part](repeating: Part(), count: chunks)
        neighbors.indices.withUnsafeBufferPointer { indices in
            neighbors.scores.withUnsafeBufferPointer { scores in
                parts.withUnsafeMutableBufferPointer { parts in
                    nonisolated(unsafe) let (parts, indices, scores) = (parts, indices, scores)
                    concurrentBlocks(chunks, threads: threads) { _, chunk in
                        var part = Part()
                        for row in chunk * Self.rowsPerChunk..<min(count, (chunk + 1) * Self.rowsPerChunk) {
                            let before = part.columns.count
                            for entry in row * length..<row * length + k {
                                // What follows is less similar still.
                                guard scores[entry] > 0 else { break }
                                let other = Int(indices[entry]) * length
                                // Room for the two directions having been rounded apart.
                                guard scores[entry] >= scores[other + k - 1] - 1e-5 else { continue }
                                var place = other
                                while place < other + k, Int(indices[place]) != row { place += 1 }
                                guard place < other + k else { continue }
                                let weight = Float(pow(Double(min(scores[entry], scores[place])), gamma))
                                guard weight > 0 else { continue }
                                part.columns.append(indices[entry])
                                part.weights.append(weight)
                            }
                            part.degrees.append(Int32(part.columns.count - before))
                        }
                        parts[chunk] = part
                    }
                }
            }
        }
        var offsets = [0]
        offsets.reserveCapacity(count + 1)
        var columns: [Int32] = []
        var weights: [Float] = []
        let total = parts.reduce(0) { $0 + $1.columns.count }
        columns.reserveCapacity(total)
        weights.reserveCapacity(total)
        for chunk in parts.indices {
            for degree in parts[chunk].degrees { offsets.append(offsets[offsets.count - 1] + Int(degree)) }
            columns += parts[chunk].columns
            weights += parts[chunk].weights
            parts[chunk] = Part()
        }
        self.offsets = offsets
        self.columns = columns
        self.weights = weights
    }

    /// A run of rows, built by one thread.
    private struct Part {
        var degrees: [Int32] = []
        var columns: [Int32] = []
        var weights: [Float] = []
    }

    /// Makes of the affinity `W` the transition matrix `alpha * D^-1/2 W D^-1/2`, `D` holding the row sums.
    ///
    /// A row without neighbours stays without: its row sum of 0 is never divided by.
    mutating func normalize(alpha: Double) {
        var scales = [Double](repeating: 0, count: count)
        for row in 0..<count {
            var degree = 0.0
            for entry in offsets[row]..<offsets[row + 1] { degree += Double(weights[entry]) }
            if degree > 0 { scales[row] = 1 / degree.squareRoot() }
        }
        for row in offsets.indices.dropLast() {
            let scale = alpha * scales[row]
            for entry in offsets[row]..<offsets[row + 1] {
                weights[entry] = Float(Double(weights[entry]) * scale * scales[Int(columns[entry])])
            }
        }
    }
}
