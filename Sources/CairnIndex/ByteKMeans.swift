/// The state of a k-means clustering of byte vectors, with byte centres.
struct ByteKMeans {
    /// Centre after centre.
    private(set) var centers: [UInt8]

    private let vectors: UnsafeBufferPointer<UInt8>
    private let dimensions: Int
    private let clusters: Int
    private let count: Int
    private var assignments: [Int32]
    private var distances: [Int32]

    /// Starts from `clusters` different vectors, drawn with `seed`. There must be that many.
    init(vectors: UnsafeBufferPointer<UInt8>, dimensions: Int, clusters: Int, seed: UInt64) {
        self.vectors = vectors
        self.dimensions = dimensions
        self.clusters = clusters
        count = vectors.count / dimensions
        precondition(count >= clusters, "\(count) vectors for \(clusters) clusters")
        assignments = Array(repeating: 0, count: count)
        distances = Array(repeating: 0, count: count)
        centers = []
        centers.reserveCapacity(clusters * dimensions)
        // The first `clusters` places of a Fisher-Yates shuffle.
        var random = SplitMix64(state: seed)
        var order = Array(0..<UInt32(count))
        for place in 0..<clusters {
            order.swapAt(place, place + random.next(below: count - place))
            let start = Int(order[place]) * dimensions
            centers.append(contentsOf: vectors[start..<start + dimensions])
        }
    }

    /// Gives every vector its nearest centre. Returns the sum of squared distances.
    mutating func assign(threads: Int) -> UInt64 {
        guard let base = vectors.baseAddress else { return 0 }
        let packed = centers.withUnsafeBufferPointer { PackedVectors($0, dimensions: dimensions) }
        packed.findNearest(
            queries: base, queryCount: count, neighbors: 1, threads: threads, indices: &assignments,
            distances: &distances)
        return distances.reduce(0) { $0 + UInt64($1) }
    }

    /// Moves every centre to the rounded mean of its vectors, and those without any into the worst clusters.
    /// Returns how many of the latter there were.
    mutating func update() -> Int {
        var sums = [UInt64](repeating: 0, count: clusters * dimensions)
        var sizes = [Int](repeating: 0, count: clusters)
        sums.withUnsafeMutableBufferPointer { sums in
            for vector in 0..<count {
                let cluster = Int(assignments[vector])
                sizes[cluster] += 1
                let (from, to) = (vector * dimensions, cluster * dimensions)
                for i in 0..<dimensions { sums[to + i] &+= UInt64(vectors[from + i]) }
            }
        }
        for cluster in 0..<clusters where sizes[cluster] > 0 {
            let size = UInt64(sizes[cluster])
            for i in cluster * dimensions..<(cluster + 1) * dimensions {
                centers[i] = UInt8((2 * sums[i] + size) / (2 * size))
            }
        }
        let empty = sizes.indices.filter { sizes[$0] == 0 }
        return empty.isEmpty ? 0 : reseed(empty, sizes: sizes)
    }

    /// Puts each empty centre on the vector farthest from its own centre in the cluster that then has the largest sum
    /// of squared distances, and counts that sum as halved. Returns how many could be placed so that they improve
    /// anything.
    private mutating func reseed(_ empty: [Int], sizes: [Int]) -> Int {
        var remaining = [UInt64](repeating: 0, count: clusters)
        for vector in 0..<count { remaining[Int(assignments[vector])] += UInt64(distances[vector]) }
        var shares = [Int](repeating: 0, count: clusters)
        var moves: [(donor: Int, rank: Int, cluster: Int)] = []
        for cluster in empty {
            var worst = 0
            for candidate in 1..<clusters where remaining[candidate] > remaining[worst] { worst = candidate }
            guard remaining[worst] > 0, shares[worst] < sizes[worst] else { break }
            moves.append((worst, shares[worst], cluster))
            shares[worst] += 1
            remaining[worst] /= 2
        }
        var members: [Int: [Int]] = [:]
        for vector in 0..<count where shares[Int(assignments[vector])] > 0 {
            members[Int(assignments[vector]), default: []].append(vector)
        }
        for donor in members.keys {
            members[donor]?.sort { (distances[$1], $0) < (distances[$0], $1) }
        }
        for (donor, rank, cluster) in moves {
            guard let vector = members[donor]?[rank] else { continue }
            let start = vector * dimensions
            centers.replaceSubrange(
                cluster * dimensions..<(cluster + 1) * dimensions, with: vectors[start..<start + dimensions])
        }
        return moves.count
    }
}

/// A small seeded generator (Steele, Lea and Flood, “Fast splittable pseudorandom number generators”, 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0 ..< bound`, by the high half of a product: no dependence on the standard library's own choice.
    mutating func next(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }
}
