import CKernels
import CairnCore

extension InvertedIndex {
    /// The images most similar to a query's aggregated signature.
    ///
    /// Reads the lists of the query's words once. Memory: 8 bytes for each image of the pieces under
    /// way, whatever the lists' length.
    func search(_ query: ImageSignature, limit: Int, threads: Int) -> [ScoredImage] {
        let kernel = AggregatedMatchKernel(configuration)
        let selectivity = kernel.selectivity(bits: vocabulary.dimensions)
        let weights = query.words.map {
            kernel.weight(documentFrequency: Int(documentFrequencies[Int($0)]), imageCount: count)
        }
        let selfSimilarity = weights.reduce(0, +)
        guard selfSimilarity > 0, limit > 0 else { return [] }
        let scan = AggregatedScan(
            query: query, weights: weights, selectivity: selectivity,
            queryNorm: Float(query.count).squareRoot() / selfSimilarity)

        // Pieces are ranges of slots of one file: two threads never add to the same image, nor in another order.
        let pieceSize = max(4096, (count + threads - 1) / max(1, threads))
        let pieces = parts.flatMap { part in
            stride(from: 0, to: part.file.count, by: pieceSize).map {
                (part: part, slots: $0..<min($0 + pieceSize, part.file.count))
            }
        }
        var best = [BestImages](repeating: BestImages(limit: limit), count: pieces.count)
        best.withUnsafeMutableBufferPointer { best in
            // Each piece has a place of its own.
            nonisolated(unsafe) let best = best
            forEachPart(of: pieces.count, threads: threads) { range in
                for i in range { scan.run(over: pieces[i].part, slots: pieces[i].slots, into: &best[i]) }
            }
        }
        return best.reduce(into: BestImages(limit: limit)) { $0.merge($1) }.sorted
    }
}

/// One query's pass over a range of images of a file.
private struct AggregatedScan {
    let query: ImageSignature
    let weights: [Float]
    let selectivity: [Float]
    let queryNorm: Float

    /// Codes compared at a time, so that distances stay in the nearest cache.
    private static let block = 2048

    func run(over part: InvertedIndex.Part, slots: Range<Int>, into best: inout BestImages) {
        // For each image the score so far and the number of matching words, side by side: one addition serves both.
        var sums = [SIMD2<Float>](repeating: .zero, count: slots.count)
        accumulate(part.file, slots, &sums)
        var removed = part.removedSlots[part.removedSlots.partitioningIndex { $0 >= slots.lowerBound }...]
        for i in sums.indices {
            let slot = slots.lowerBound + i
            if slot == removed.first {
                removed.removeFirst()
                continue
            }
            guard sums[i][0] > 0 else { continue }
            let size = Float(part.file.forwardRange(of: slot).count)
            guard size > 0 else { continue }
            let score = sums[i][0] * queryNorm / size.squareRoot()
            guard score >= best.threshold else { continue }
            best.insert(
                ScoredImage(
                    image: ImageID(part.file.imageNumbers[slot]), similarity: Similarity(score),
                    matches: Int(sums[i][1])))
        }
    }

    private func accumulate(_ file: InvertedFile, _ slots: Range<Int>, _ sums: inout [SIMD2<Float>]) {
        let codeBytes = query.codeBytes
        let first = UInt32(truncatingIfNeeded: slots.lowerBound)
        // What a distance adds, before the word's weight: selectivity, and one matching word.
        let gains = selectivity.map { SIMD2<Float>($0, $0 > 0 ? 1 : 0) }
        sums.withUnsafeMutableBufferPointer { sums in
            withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Self.block) { distances in
                guard let codes = file.codes.baseAddress, let distanceBase = distances.baseAddress else { return }
                for (i, word) in query.words.enumerated() {
                    let list = positions(of: Int(word), in: file, slots)
                    if list.isEmpty { continue }
                    let weight = SIMD2<Float>(weights[i], 1)
                    gains.withUnsafeBufferPointer { gains in
                        query.codes.withUnsafeBufferPointer { queryCodes in
                            guard let code = queryCodes.baseAddress.map({ $0 + i * codeBytes }) else { return }
                            for start in stride(from: list.lowerBound, to: list.upperBound, by: Self.block) {
                                let size = min(Self.block, list.upperBound - start)
                                cairn_hamming(
                                    code, codes + start * codeBytes, size, codeBytes, distanceBase, .best)
                                for j in 0..<size {
                                    let slot = Int(file.slots[start + j] &- first)
                                    // Postings are not checked on opening, so a damaged file may have any slot.
                                    guard slot < sums.count else { continue }
                                    sums[slot] += weight * gains[Int(distances[j])]
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The part of a word's list that lies within `slots`.
    private func positions(of word: Int, in file: InvertedFile, _ slots: Range<Int>) -> Range<Int> {
        let list = file.list(of: word)
        if slots.count == file.count { return list }
        let entries = file.slots[list]
        let start = entries.partitioningIndex { Int($0) >= slots.lowerBound }
        return start..<max(start, entries.partitioningIndex { Int($0) >= slots.upperBound })
    }
}
