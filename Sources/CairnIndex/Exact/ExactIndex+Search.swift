import CKernels
import CairnCore

extension ExactIndex {
    /// The images most similar to a query.
    ///
    /// Exact: a scan of 8-bit codes bounds every image's similarity from below and above (`QuantizedQueries`); images that
    /// the bound cannot exclude are compared as 32-bit floats, the most promising first, until none of the rest can be
    /// among the first `limit`. Reads a byte a dimension of every image, and the vectors of usually fewer than one image in a
    /// thousand; with very many near-duplicates of the query, theirs too.
    ///
    /// - Parameters:
    ///   - query: A descriptor of length 1.
    ///   - limit: The most images to return.
    ///   - filter: The images that may be returned.
    ///   - threads: How many threads share the work; results do not depend on it.
    /// - Returns: Images with their inner products, summed in 64-bit floats and rounded once; most similar first, among
    ///   equals the lower number first. `matches` is 0.
    /// - Throws: `IndexError` of kind `invalidArgument` when the query has another number of values or is not of length 1.
    public func search(
        _ query: [Float], limit: Int, filter: ImageFilter = .all, threads: Int = 1
    ) throws(IndexError) -> [ScoredImage] {
        guard query.count == dimensions else {
            throw IndexError(
                .invalidArgument, "the query has \(query.count) values; the index has descriptors of \(dimensions)")
        }
        return try search(batch: query, limit: limit, filters: [filter], threads: threads)[0]
    }

    /// The images most similar to each of many queries: what `search` returns for each, several times faster, because
    /// every row that is read is compared with hundreds of queries.
    ///
    /// - Parameters:
    ///   - queries: Descriptors of length 1, one after the other.
    ///   - limit: The most images to return for each.
    ///   - filters: One for each query; or none, to search all images.
    ///   - threads: How many threads share the work; results do not depend on it.
    /// - Returns: The results of each query.
    /// - Throws: `IndexError` of kind `invalidArgument`, naming the query.
    public func search(
        batch queries: [Float], limit: Int, filters: [ImageFilter] = [], threads: Int = 1
    ) throws(IndexError) -> [[ScoredImage]] {
        // Everything below works on pointers into the files' memory.
        defer { withExtendedLifetime(parts) {} }
        let total = queries.count / dimensions
        guard total * dimensions == queries.count else {
            throw IndexError(
                .invalidArgument, "\(queries.count) values are not whole queries of \(dimensions) dimensions")
        }
        guard filters.isEmpty || filters.count == total else {
            throw IndexError(.invalidArgument, "there are \(filters.count) filters for \(total) queries")
        }
        return try queries.withUnsafeBufferPointer { (values) throws(IndexError) in
            guard let base = values.baseAddress else { return [] }
            var results: [[ScoredImage]] = []
            results.reserveCapacity(total)
            let step = batchSize
            for start in stride(from: 0, to: total, by: step) {
                let count = min(step, total - start)
                results += try search(
                    UnsafeBufferPointer(start: base + start * dimensions, count: count * dimensions),
                    firstNumber: start, limit: max(0, limit),
                    filters: filters.isEmpty
                        ? Array(repeating: .all, count: count) : Array(filters[start..<start + count]),
                    threads: max(1, threads))
            }
            return results
        }
    }

    /// Queries whose codes stay in a core's cache while rows pass by.
    private var batchSize: Int {
        let groups = (256 << 10) / (cairn_scan_stride(dimensions) * QuantizedQueries.groupSize)
        return max(2, groups) * QuantizedQueries.groupSize
    }

    private func search(
        _ queries: UnsafeBufferPointer<Float>, firstNumber: Int, limit: Int, filters: [ImageFilter], threads: Int
    ) throws(IndexError) -> [[ScoredImage]] {
        guard let base = queries.baseAddress else { return [] }
        let coded = try QuantizedQueries(
            base, count: filters.count, dimensions: dimensions, firstNumber: firstNumber)
        let limit = min(limit, count)
        guard limit > 0 else { return Array(repeating: [], count: filters.count) }

        // Comparing a few images directly beats reading the codes of all; such queries take no part in the scan.
        let direct = filters.map { filter in
            if case .only(let images) = filter { images.count <= max(limit, count / 64) } else { false }
        }
        var lists =
            direct.contains(false)
            ? ExactScan(parts: parts).candidates(
                for: coded, filters: zip(filters, direct).map { $1 ? nil : $0 }, limit: limit, threads: threads)
            : Array(repeating: CandidateList(limit: limit), count: filters.count)
        for (query, filter) in filters.enumerated() where direct[query] {
            guard case .only(let images) = filter else { continue }
            for image in images {
                guard let (part, slot) = location(of: image) else { continue }
                lists[query].insert(
                    CandidateList.Candidate(upper: .infinity, part: UInt32(part), slot: UInt32(slot)), lower: -.infinity
                )
            }
        }

        var results = [[ScoredImage]](repeating: [], count: filters.count)
        results.withUnsafeMutableBufferPointer { results in
            lists.withUnsafeMutableBufferPointer { lists in
                forEachPart(of: filters.count, threads: threads) { range in
                    for query in range {
                        results[query] = nearest(
                            base + query * dimensions, candidates: lists[query].sorted(), limit: limit,
                            threads: filters.count == 1 ? threads : 1)
                    }
                }
            }
        }
        return results
    }

    /// Compares candidates with the query until no other can be among the nearest.
    private func nearest(
        _ query: UnsafePointer<Float>, candidates: [CandidateList.Candidate], limit: Int, threads: Int
    ) -> [ScoredImage] {
        var best = BestImages(limit: limit)
        var start = 0
        var size = limit + 16
        while start < candidates.count, candidates[start].upper >= best.threshold {
            let chunk = candidates[start..<min(candidates.count, start + size)]
            let scores = scores(query, chunk, threads: threads)
            for (candidate, score) in zip(chunk, scores) {
                let image = ImageID(parts[Int(candidate.part)].file.imageNumbers[Int(candidate.slot)])
                best.insert(ScoredImage(image: image, similarity: Similarity(score), matches: 0))
            }
            start += chunk.count
            size = 64 + start / 2
        }
        return best.sorted
    }

    private func scores(
        _ query: UnsafePointer<Float>, _ candidates: ArraySlice<CandidateList.Candidate>, threads: Int
    ) -> [Float] {
        let vectors = candidates.map { candidate in
            parts[Int(candidate.part)].file.vectors.baseAddress.map { $0 + Int(candidate.slot) * dimensions }
        }
        return [Float](unsafeUninitializedCapacity: vectors.count) { scores, initialized in
            // The parts do not overlap, so the threads have nothing to race for.
            nonisolated(unsafe) let scores = scores
            forEachPart(of: vectors.count, threads: vectors.count < 4_096 ? 1 : threads) { range in
                vectors.withUnsafeBufferPointer { vectors in
                    guard let vectors = vectors.baseAddress, let scores = scores.baseAddress else { return }
                    cairn_scan_scores(
                        query, dimensions, vectors + range.lowerBound, range.count, scores + range.lowerBound, .best)
                }
            }
            // Only a damaged file has such a vector; it must not upset the order of the others.
            for i in vectors.indices where scores[i].isNaN { scores[i] = -.infinity }
            initialized = vectors.count
        }
    }
}
