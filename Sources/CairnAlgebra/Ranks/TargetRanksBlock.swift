import Dispatch

/// A block of queries with their targets, and for each target how many rows are known to stand before it.
struct TargetRanksBlock {
    private let numbers: ArraySlice<Int>
    private let dimensions: Int
    /// `[queries, dimensions]`.
    private let vectors: [Float]
    /// For each query: its Euclidean norm.
    private let norms: [Double]
    /// The targets of all queries, those of each in the order of the ranking, and where each query's begin and the last
    /// one's end.
    private var targets: [RankedTarget]
    private let starts: [Int]

    /// Reads the queries `numbers`, and computes the exact scores of their targets.
    init(
        _ numbers: ArraySlice<Int>, queries: some DescriptorRows, gallery: some DescriptorRows, targets lists: [[Int32]]
    ) throws(AlgebraError) {
        let dimensions = queries.dimensions
        var (vectors, ranked, starts): ([Float], [RankedTarget], [Int]) = ([], [], [0])
        vectors.reserveCapacity(numbers.count * dimensions)
        for number in numbers {
            try queries.withRows(number..<number + 1) { (row) throws(AlgebraError) in
                try AlgebraError.requireFinite(row, firstRow: number, dimensions: dimensions, "the queries")
                vectors.append(contentsOf: row)
                var own: [RankedTarget] = []
                own.reserveCapacity(lists[number].count)
                for (place, target) in lists[number].enumerated() {
                    let score = try gallery.withRows(Int(target)..<Int(target) + 1) { (other) throws(AlgebraError) in
                        Float(
                            exactInnerProduct(
                                row.baseAddress.unsafelyUnwrapped, other.baseAddress.unsafelyUnwrapped,
                                dimensions: dimensions))
                    }
                    own.append(RankedTarget(score: score, row: target, place: place))
                }
                own.sort { $1.follows($0.score, row: Int($0.row)) }
                ranked += own
                starts.append(ranked.count)
            }
        }
        let norms = vectors.withUnsafeBufferPointer {
            Self.squaredNorms(of: $0, dimensions: dimensions).map { $0.squareRoot() }
        }
        // Everything has the product 0 with a query of zeros.
        for query in norms.indices where norms[query] == 0 {
            for target in starts[query]..<starts[query + 1] { ranked[target].before = Int(ranked[target].row) }
        }
        self.numbers = numbers
        self.dimensions = dimensions
        self.vectors = vectors
        self.norms = norms
        self.targets = ranked
        self.starts = starts
    }

    /// Counts which rows of a part of the gallery stand before which targets. `products` is room for
    /// `[queries in block, rows]`, and no row is longer than `largestNorm`.
    mutating func count(
        _ rows: UnsafeBufferPointer<Float>, firstRow: Int, largestNorm: Double, products: inout [Float], threads: Int
    ) {
        let (norms, starts, dimensions) = (norms, starts, dimensions)
        let width = rows.count / dimensions
        let parts = max(1, min(threads, norms.count))
        vectors.withUnsafeBufferPointer { vectors in
            products.withUnsafeMutableBufferPointer { products in
                multiplyByTranspose(vectors, rows, into: products, dimensions: dimensions)
                targets.withUnsafeMutableBufferPointer { targets in
                    // Concurrent iterations change targets of different queries, and only read the rest.
                    nonisolated(unsafe) let (vectors, rows, products, targets) = (vectors, rows, products, targets)
                    DispatchQueue.concurrentPerform(iterations: parts) { part in
                        var counter = TargetRanksCounter(rows: rows, firstRow: firstRow, dimensions: dimensions)
                        for query in norms.count * part / parts..<norms.count * (part + 1) / parts
                        where norms[query] > 0 {
                            counter.count(
                                query: UnsafeBufferPointer(
                                    rebasing: vectors[query * dimensions..<(query + 1) * dimensions]),
                                products: UnsafeBufferPointer(rebasing: products[query * width..<(query + 1) * width]),
                                largestProduct: norms[query] * largestNorm,
                                into: UnsafeMutableBufferPointer(rebasing: targets[starts[query]..<starts[query + 1]]))
                        }
                    }
                }
            }
        }
    }

    /// Writes the positions found.
    func write(to ranks: inout [[Int]]) {
        for (query, number) in numbers.enumerated() {
            for target in targets[starts[query]..<starts[query + 1]] { ranks[number][target.place] = target.before + 1 }
        }
    }

    /// The squared Euclidean norm of each row.
    static func squaredNorms(of rows: UnsafeBufferPointer<Float>, dimensions: Int) -> [Double] {
        guard let base = rows.baseAddress else { return [] }
        return stride(from: 0, to: rows.count, by: dimensions).map {
            exactInnerProduct(base + $0, base + $0, dimensions: dimensions)
        }
    }
}
