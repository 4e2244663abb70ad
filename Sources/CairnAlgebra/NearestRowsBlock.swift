import Dispatch

/// Searches a whole gallery for a block of queries. Its buffers belong to `NearestRows.search`.
///
/// Unchecked: concurrent calls read the shared inputs and write only to the places of their own queries.
struct NearestRowsBlock: @unchecked Sendable {
    let queries: UnsafeBufferPointer<Float>
    let gallery: UnsafeBufferPointer<Float>
    let dimensions: Int
    let k: Int
    /// Room for the products of a block: `[queries in block, gallery rows in block]`.
    let products: UnsafeMutableBufferPointer<Float>
    let indices: UnsafeMutableBufferPointer<Int32>
    let scores: UnsafeMutableBufferPointer<Float>
    /// The largest Euclidean norm of a gallery row.
    let largestNorm: Double

    /// Fills `indices` and `scores` of the queries in `range`.
    func search(queries range: Range<Int>, galleryBlock: Int, threads: Int) {
        let galleryCount = gallery.count / dimensions
        let candidates = UnsafeMutableBufferPointer<CandidateList>.allocate(capacity: range.count)
        defer { candidates.deinitialize().deallocate() }
        for (place, query) in range.enumerated() {
            // A float32 inner product of n terms is off by at most n · 2⁻²⁴ |a||b|, in whatever order it is summed; the
            // factor 2⁻²² leaves room for both products being off, for rounding the exact ones, and for small n.
            let margin =
                Double(dimensions + 1) * 0x1p-22 * Self.norm(queries, row: query, dimensions: dimensions) * largestNorm
            candidates.initializeElement(
                at: place, to: CandidateList(k: k, margin: margin + Double(Float.leastNormalMagnitude)))
        }
        // Concurrent iterations touch disjoint elements.
        nonisolated(unsafe) let lists = candidates
        let parts = max(1, min(threads, range.count))
        for start in stride(from: 0, to: galleryCount, by: galleryBlock) {
            let width = min(galleryBlock, galleryCount - start)
            multiplyByTranspose(
                UnsafeBufferPointer(rebasing: queries[range.lowerBound * dimensions..<range.upperBound * dimensions]),
                UnsafeBufferPointer(rebasing: gallery[start * dimensions..<(start + width) * dimensions]),
                into: products, dimensions: dimensions)
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                for place in range.count * part / parts..<range.count * (part + 1) / parts {
                    scan(place: place, query: range.lowerBound + place, start: start, width: width, &lists[place])
                }
            }
        }
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            for place in range.count * part / parts..<range.count * (part + 1) / parts {
                let query = range.lowerBound + place
                let settled = lists[place].settle { exactScore(query: query, row: $0) }
                for (rank, best) in settled.enumerated() {
                    indices[query * k + rank] = best.index
                    scores[query * k + rank] = best.score
                }
            }
        }
    }

    /// Offers one query's products with one gallery block to its candidates.
    private func scan(place: Int, query: Int, start: Int, width: Int, _ list: inout CandidateList) {
        let row = UnsafeBufferPointer(rebasing: products[place * width..<(place + 1) * width])
        for chunk in stride(from: 0, to: width, by: 64) {
            let columns = chunk..<min(chunk + 64, width)
            // Nearly all chunks hold nothing of interest: this loop has no branch, so that the compiler makes vectors of it.
            // “Not below” and not “at least”: a product that overflowed to NaN must be looked at again, too.
            let threshold = list.threshold
            var found: Int32 = 0
            for column in columns { found |= row[column] < threshold ? 0 : 1 }
            guard found != 0 else { continue }
            for column in columns where !(row[column] < list.threshold) {
                list.offer(row[column], index: Int32(truncatingIfNeeded: start + column)) {
                    exactScore(query: query, row: $0)
                }
            }
        }
    }

    /// The inner product in double precision, always summed in the same order.
    private func exactScore(query: Int, row: Int32) -> Float {
        let left = UnsafeRawPointer(queries.baseAddress.unsafelyUnwrapped + query * dimensions)
        let right = UnsafeRawPointer(gallery.baseAddress.unsafelyUnwrapped + Int(row) * dimensions)
        var sums = SIMD8<Double>.zero
        var column = 0
        while column + 8 <= dimensions {
            let a = SIMD8<Double>(left.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self))
            let b = SIMD8<Double>(right.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self))
            sums += a * b
            column += 8
        }
        var sum = sums.sum()
        while column < dimensions {
            sum += Double(queries[query * dimensions + column]) * Double(gallery[Int(row) * dimensions + column])
            column += 1
        }
        return Float(sum)
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
