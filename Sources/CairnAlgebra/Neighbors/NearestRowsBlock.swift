import Dispatch

/// Searches a whole gallery for a block of queries, by products in float32. Its buffers belong to `NearestRowsSearch`.
///
/// Unchecked: concurrent calls read the shared inputs and write only to the places of their own queries.
struct NearestRowsBlock: @unchecked Sendable {
    /// The queries of the block.
    let queries: UnsafeBufferPointer<Float>
    /// Which queries they are: where their results go.
    let numbers: ArraySlice<Int>
    let search: NearestRowsSearch
    /// Room for the products of a block: `[queries in block, gallery rows in block]`.
    let products: UnsafeMutableBufferPointer<Float>
    /// The largest Euclidean norm of a gallery row.
    let largestNorm: Double

    private var dimensions: Int { search.dimensions }

    /// Finds and writes the results of all queries of the block.
    func run(galleryBlock: Int, threads: Int) {
        let galleryCount = search.galleryCount
        let count = numbers.count
        let candidates = UnsafeMutableBufferPointer<CandidateList>.allocate(capacity: count)
        defer { candidates.deinitialize().deallocate() }
        for place in 0..<count {
            // A float32 inner product of n terms is off by at most n · 2⁻²⁴ |a||b|, in whatever order it is summed; the
            // factor 2⁻²² leaves room for both products being off, for rounding the exact ones, and for small n.
            let margin =
                Double(dimensions + 1) * 0x1p-22 * Self.norm(queries, row: place, dimensions: dimensions) * largestNorm
            candidates.initializeElement(
                at: place, to: CandidateList(k: search.k, margin: margin + Double(Float.leastNormalMagnitude)))
        }
        // Concurrent iterations touch disjoint elements.
        nonisolated(unsafe) let lists = candidates
        let parts = max(1, min(threads, count))
        for start in stride(from: 0, to: galleryCount, by: galleryBlock) {
            let width = min(galleryBlock, galleryCount - start)
            multiplyByTranspose(
                queries,
                UnsafeBufferPointer(rebasing: search.gallery.values[start * dimensions..<(start + width) * dimensions]),
                into: products, dimensions: dimensions)
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                for place in count * part / parts..<count * (part + 1) / parts {
                    scan(place: place, start: start, width: width, &lists[place])
                }
            }
        }
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            for place in count * part / parts..<count * (part + 1) / parts {
                let number = numbers[numbers.startIndex + place]
                for (rank, neighbor) in lists[place].settle({ exactScore(place: place, row: $0) }).enumerated() {
                    search.write(neighbor.index, neighbor.score, query: number, rank: rank)
                }
            }
        }
    }

    /// Offers one query's products with one gallery block to its candidates.
    private func scan(place: Int, start: Int, width: Int, _ list: inout CandidateList) {
        let row = UnsafeBufferPointer(rebasing: products[place * width..<(place + 1) * width])
        let own = search.excludesSelf ? numbers[numbers.startIndex + place] - start : -1
        for chunk in stride(from: 0, to: width, by: 64) {
            let columns = chunk..<min(chunk + 64, width)
            // Nearly all chunks hold nothing of interest: this loop has no branch, so that the compiler makes vectors of it.
            // “Not below” and not “at least”: a product that overflowed to NaN must be looked at again, too.
            let threshold = list.threshold
            var found: Int32 = 0
            for column in columns { found |= row[column] < threshold ? 0 : 1 }
            guard found != 0 else { continue }
            for column in columns where !(row[column] < list.threshold) && column != own {
                list.offer(row[column], index: Int32(truncatingIfNeeded: start + column)) {
                    exactScore(place: place, row: $0)
                }
            }
        }
    }

    private func exactScore(place: Int, row: Int32) -> Float {
        search.exactScore(queries.baseAddress.unsafelyUnwrapped + place * dimensions, row: row)
    }

    /// The Euclidean norm of one row.
    static func norm(_ values: UnsafeBufferPointer<Float>, row: Int, dimensions: Int) -> Double {
        var sum = 0.0
        for column in row * dimensions..<(row + 1) * dimensions {
            sum += Double(values[column]) * Double(values[column])
        }
        return sum.squareRoot()
    }
}
